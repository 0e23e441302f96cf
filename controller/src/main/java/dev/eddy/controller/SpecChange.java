package dev.eddy.controller;

import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.CollectionChange.VectorDiff;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Declaration;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.HnswDiff;
import dev.eddy.model.collection.OptimizersConfig;
import dev.eddy.model.collection.Quantization;
import dev.eddy.model.collection.QuantizationDiff;
import dev.eddy.model.collection.SparseVectorParams;
import dev.eddy.model.collection.StrictMode;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonNull;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.KeyPath;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a spec becomes when a change is made to it. */
final class SpecChange {
  private SpecChange() {}

  /**
   * The changed spec.
   *
   * @throws EddyException when the change names a vector that there is not
   */
  static CollectionSpec apply(CollectionSpec spec, CollectionChange change) {
    CollectionSpec set = settings(spec, change);
    Declaration declaration = change.declaration();
    return declaration == null ? set : declared(set, declaration);
  }

  private static CollectionSpec settings(CollectionSpec spec, CollectionChange change) {
    Map<String, VectorParams> vectors = new TreeMap<>(spec.vectors());
    change.vectors().forEach((name, diff) -> vectors.put(name, vector(spec, name, diff)));
    OptimizersConfig.Diff optimizers = change.optimizers();
    HnswDiff hnsw = change.hnsw();
    return new CollectionSpec(
        vectors,
        spec.shardNumber(),
        or(change.replicationFactor(), spec.replicationFactor()),
        or(change.writeConsistencyFactor(), spec.writeConsistencyFactor()),
        change.readFanOutFactor() == null ? spec.readFanOutFactor() : change.readFanOutFactor(),
        change.readFanOutDelayMs() == null ? spec.readFanOutDelayMs() : change.readFanOutDelayMs(),
        or(change.onDiskPayload(), spec.onDiskPayload()),
        change.payloadMemory() == null ? spec.payloadMemory() : change.payloadMemory(),
        hnsw == null ? spec.hnsw() : spec.hnsw().with(hnsw),
        optimizers == null ? spec.optimizers() : spec.optimizers().with(optimizers),
        spec.wal(),
        metadata(spec.metadata(), change.metadata()),
        spec.payloadIndexes(),
        strictMode(spec.strictMode(), change.strictMode()),
        sparseVectors(spec, change),
        quantization(spec.quantization(), change.quantization()));
  }

  private static Map<String, SparseVectorParams> sparseVectors(
      CollectionSpec spec, CollectionChange change) {
    Map<String, SparseVectorParams> vectors = new TreeMap<>(spec.sparseVectors());
    change
        .sparseVectors()
        .forEach((name, params) -> {
          SparseVectorParams old = vectors.get(name);
          if (old == null) {
            throw EddyException.wrongInput("Not existing vector name error: " + name);
          }
          vectors.put(name, params.over(old));
        });
    return vectors;
  }

  private static @Nullable StrictMode strictMode(
      @Nullable StrictMode old, @Nullable StrictMode change) {
    if (change == null) {
      return old;
    }
    return old == null ? change : change.over(old);
  }

  private static @Nullable Quantization quantization(
      @Nullable Quantization old, @Nullable QuantizationDiff change) {
    return change == null ? old : change.to();
  }

  private static CollectionSpec declared(CollectionSpec spec, Declaration declaration) {
    return switch (declaration) {
      case Declaration.DeclareField(KeyPath field, FieldIndex index) -> {
        Map<String, FieldIndex> indexes = without(spec, field);
        if (indexes.size() == spec.payloadIndexes().size()) {
          checkIndexCount(spec);
        }
        indexes.put(field.canonical().text(), index);
        yield spec.withPayloadIndexes(indexes);
      }
      case Declaration.DropField(KeyPath field) -> spec.withPayloadIndexes(without(spec, field));
      case Declaration.AddVector(String name, VectorParams params) -> {
        if (spec.sparseVectors().containsKey(name)) {
          throw EddyException.wrongInput(
              "Vector `%s` already exists as a sparse vector".formatted(name));
        }
        VectorParams old = spec.vectors().get(name);
        if (old != null && !params.isStoredLike(old)) {
          throw EddyException.wrongInput(
              "Vector `%s` already exists with a different configuration".formatted(name));
        }
        yield old != null ? spec : spec.withVectors(with(spec.vectors(), name, params));
      }
      case Declaration.AddSparseVector(String name, SparseVectorParams params) -> {
        if (spec.vectors().containsKey(name)) {
          throw EddyException.wrongInput(
              "Vector `%s` already exists as a dense vector".formatted(name));
        }
        SparseVectorParams old = spec.sparseVectors().get(name);
        if (old != null && !params.isStoredLike(old)) {
          throw EddyException.wrongInput(
              "Vector `%s` already exists with a different configuration".formatted(name));
        }
        yield old != null ? spec : spec.withSparseVectors(with(spec.sparseVectors(), name, params));
      }
      case Declaration.DropVector(String name) -> {
        if (!spec.vectorNames().contains(name)) {
          throw EddyException.wrongInput("Not existing vector name error: " + name);
        }
        Map<String, SparseVectorParams> sparse = new TreeMap<>(spec.sparseVectors());
        Map<String, VectorParams> dense = new TreeMap<>(spec.vectors());
        sparse.remove(name);
        dense.remove(name);
        yield spec.withVectors(dense).withSparseVectors(sparse);
      }
    };
  }

  /** The declared fields but for one, however its path was spelled. */
  private static Map<String, FieldIndex> without(CollectionSpec spec, KeyPath field) {
    Map<String, FieldIndex> indexes = new TreeMap<>(spec.payloadIndexes());
    indexes.keySet().removeIf(other -> KeyPath.parse(other).steps().equals(field.steps()));
    return indexes;
  }

  private static void checkIndexCount(CollectionSpec spec) {
    Long max = spec.strictModeOn().map(StrictMode::maxPayloadIndexCount).orElse(null);
    if (max != null && spec.payloadIndexes().size() >= max) {
      throw EddyException.badRequest(
          "Collection already has the maximum number of payload indices (%d). Help: Please delete an existing index before creating a new one."
              .formatted(max));
    }
  }

  private static <T> Map<String, T> with(Map<String, T> map, String name, T value) {
    Map<String, T> more = new TreeMap<>(map);
    more.put(name, value);
    return more;
  }

  private static <T> T or(@Nullable T given, T old) {
    return given == null ? old : given;
  }

  private static VectorParams vector(CollectionSpec spec, String name, VectorDiff diff) {
    VectorParams old =
        spec.vector(name)
            .orElseThrow(() -> EddyException.wrongInput("Not existing vector name error: " + name));
    return new VectorParams(
        old.size(),
        old.distance(),
        hnsw(old.hnsw(), diff.hnsw()),
        diff.onDisk() == null ? old.onDisk() : diff.onDisk(),
        diff.memory() == null ? old.memory() : diff.memory(),
        old.datatype(),
        old.multivector(),
        quantization(old.quantization(), diff.quantization()));
  }

  /** An empty change takes back all that was set, so that the collection's settings count again. */
  private static @Nullable HnswDiff hnsw(@Nullable HnswDiff old, @Nullable HnswDiff change) {
    if (change == null) {
      return old;
    }
    return change.equals(HnswDiff.NONE) ? null : change.over(old == null ? HnswDiff.NONE : old);
  }

  private static @Nullable JsonObject metadata(
      @Nullable JsonObject old, @Nullable JsonObject change) {
    if (change == null || change.isEmpty()) {
      return old;
    }
    Map<String, JsonValue> members =
        new LinkedHashMap<>(old == null ? Map.<String, JsonValue>of() : old.members());
    change
        .members()
        .forEach((key, value) -> {
          if (value instanceof JsonNull) {
            members.remove(key);
          } else {
            members.put(key, value);
          }
        });
    return new JsonObject(members);
  }
}
