package dev.eddy.controller;

import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.CollectionChange.VectorDiff;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.HnswDiff;
import dev.eddy.model.collection.OptimizersConfig;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonNull;
import dev.eddy.model.json.JsonValue.JsonObject;
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
        metadata(spec.metadata(), change.metadata()));
  }

  private static <T> T or(@Nullable T given, T old) {
    return given == null ? old : given;
  }

  private static VectorParams vector(CollectionSpec spec, String name, VectorDiff diff) {
    VectorParams old =
        spec.vector(name)
            .orElseThrow(() -> EddyException.wrongInput("Not existing vector name error: " + name));
    HnswDiff hnsw = diff.hnsw();
    HnswDiff before = old.hnsw();
    return new VectorParams(
        old.size(),
        old.distance(),
        hnsw == null ? before : hnsw.over(before == null ? HnswDiff.NONE : before),
        diff.onDisk() == null ? old.onDisk() : diff.onDisk(),
        diff.memory() == null ? old.memory() : diff.memory(),
        old.datatype());
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
