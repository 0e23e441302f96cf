package dev.eddy.proto.mapping;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.CollectionChange.VectorDiff;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.MultiVectorComparator;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.collection.WalConfig;
import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.proto.model.CollectionChangeMessage;
import dev.eddy.proto.model.CollectionSpecMessage;
import dev.eddy.proto.model.ComparatorMessage;
import dev.eddy.proto.model.DistanceMessage;
import dev.eddy.proto.model.FieldIndexMessage;
import dev.eddy.proto.model.VectorDiffMessage;
import dev.eddy.proto.model.VectorParamsMessage;
import dev.eddy.proto.model.WalMessage;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a collection is and what changes of it, as messages. A message that is not well formed fails
 * with an {@link IllegalArgumentException}.
 */
public final class SpecMessages {
  private SpecMessages() {}

  public static CollectionSpecMessage spec(CollectionSpec spec) {
    CollectionSpecMessage.Builder builder =
        CollectionSpecMessage.newBuilder()
            .setShardNumber(spec.shardNumber())
            .setReplicationFactor(spec.replicationFactor())
            .setWriteConsistencyFactor(spec.writeConsistencyFactor())
            .setOnDiskPayload(spec.onDiskPayload())
            .setHnsw(SettingsMessages.hnsw(spec.hnsw()))
            .setOptimizers(SettingsMessages.optimizers(spec.optimizers()))
            .setWal(wal(spec.wal()));
    // In the order of names, so that equal specs have equal bytes.
    new TreeMap<>(spec.vectors())
        .forEach((name, params) -> builder.addVectors(vector(name, params)));
    Present.set(spec.readFanOutFactor(), builder::setReadFanOutFactor);
    Present.set(spec.readFanOutDelayMs(), builder::setReadFanOutDelayMs);
    Present.set(spec.payloadMemory(), builder::setPayloadMemory);
    Present.set(spec.metadata(), metadata -> builder.setMetadata(json(metadata)));
    spec.payloadIndexes()
        .forEach(
            (field, index) -> builder.addPayloadIndexes(FieldIndexMessages.index(field, index)));
    Present.set(
        spec.strictMode(), strict -> builder.setStrictMode(StrictModeMessages.strictMode(strict)));
    builder.addAllSparseVectors(SparseMessages.params(spec.sparseVectors()));
    Present.set(
        spec.quantization(),
        quantization -> builder.setQuantization(QuantizationMessages.quantization(quantization)));
    return builder.build();
  }

  public static CollectionSpec spec(CollectionSpecMessage message) {
    Map<String, VectorParams> vectors = new TreeMap<>();
    for (VectorParamsMessage vector : message.getVectorsList()) {
      vectors.put(vector.getName(), vector(vector));
    }
    Map<String, FieldIndex> indexes = new TreeMap<>();
    for (FieldIndexMessage index : message.getPayloadIndexesList()) {
      indexes.put(index.getField(), FieldIndexMessages.index(index));
    }
    return new CollectionSpec(
        vectors,
        message.getShardNumber(),
        message.getReplicationFactor(),
        message.getWriteConsistencyFactor(),
        message.hasReadFanOutFactor() ? (Integer) message.getReadFanOutFactor() : null,
        message.hasReadFanOutDelayMs() ? (Long) message.getReadFanOutDelayMs() : null,
        message.getOnDiskPayload(),
        message.hasPayloadMemory() ? message.getPayloadMemory() : null,
        SettingsMessages.config(message.getHnsw()),
        SettingsMessages.config(message.getOptimizers()),
        wal(message.getWal()),
        message.hasMetadata() ? object(message.getMetadata()) : null,
        indexes,
        message.hasStrictMode() ? StrictModeMessages.strictMode(message.getStrictMode()) : null,
        SparseMessages.params(message.getSparseVectorsList()),
        message.hasQuantization()
            ? QuantizationMessages.quantization(message.getQuantization())
            : null);
  }

  public static CollectionChangeMessage change(CollectionChange change) {
    CollectionChangeMessage.Builder builder = CollectionChangeMessage.newBuilder();
    new TreeMap<>(change.vectors()).forEach((name, diff) -> builder.addVectors(diff(name, diff)));
    Present.set(change.hnsw(), hnsw -> builder.setHnsw(SettingsMessages.hnsw(hnsw)));
    Present.set(change.optimizers(), o -> builder.setOptimizers(SettingsMessages.optimizers(o)));
    Present.set(change.replicationFactor(), builder::setReplicationFactor);
    Present.set(change.writeConsistencyFactor(), builder::setWriteConsistencyFactor);
    Present.set(change.readFanOutFactor(), builder::setReadFanOutFactor);
    Present.set(change.readFanOutDelayMs(), builder::setReadFanOutDelayMs);
    Present.set(change.onDiskPayload(), builder::setOnDiskPayload);
    Present.set(change.payloadMemory(), builder::setPayloadMemory);
    Present.set(change.metadata(), metadata -> builder.setMetadata(json(metadata)));
    Present.set(
        change.strictMode(),
        strict -> builder.setStrictMode(StrictModeMessages.strictMode(strict)));
    Present.set(
        change.declaration(),
        declared -> builder.setDeclaration(DeclarationMessages.declaration(declared)));
    builder.addAllSparseVectors(SparseMessages.params(change.sparseVectors()));
    Present.set(
        change.quantization(), diff -> builder.setQuantization(QuantizationMessages.diff(diff)));
    return builder.build();
  }

  public static CollectionChange change(CollectionChangeMessage message) {
    Map<String, VectorDiff> vectors = new TreeMap<>();
    for (VectorDiffMessage diff : message.getVectorsList()) {
      vectors.put(diff.getName(), diff(diff));
    }
    return new CollectionChange(
        vectors,
        message.hasHnsw() ? SettingsMessages.diff(message.getHnsw()) : null,
        message.hasOptimizers() ? SettingsMessages.diff(message.getOptimizers()) : null,
        message.hasReplicationFactor() ? (Integer) message.getReplicationFactor() : null,
        message.hasWriteConsistencyFactor() ? (Integer) message.getWriteConsistencyFactor() : null,
        message.hasReadFanOutFactor() ? (Integer) message.getReadFanOutFactor() : null,
        message.hasReadFanOutDelayMs() ? (Long) message.getReadFanOutDelayMs() : null,
        message.hasOnDiskPayload() ? (Boolean) message.getOnDiskPayload() : null,
        message.hasPayloadMemory() ? message.getPayloadMemory() : null,
        message.hasMetadata() ? object(message.getMetadata()) : null,
        message.hasStrictMode() ? StrictModeMessages.strictMode(message.getStrictMode()) : null,
        message.hasDeclaration() ? DeclarationMessages.declaration(message.getDeclaration()) : null,
        SparseMessages.params(message.getSparseVectorsList()),
        message.hasQuantization() ? QuantizationMessages.diff(message.getQuantization()) : null);
  }

  static VectorParamsMessage vector(String name, VectorParams params) {
    VectorParamsMessage.Builder builder =
        VectorParamsMessage.newBuilder()
            .setName(name)
            .setSize(params.size())
            .setDistance(distance(params.distance()));
    Present.set(params.hnsw(), hnsw -> builder.setHnsw(SettingsMessages.hnsw(hnsw)));
    Present.set(params.onDisk(), builder::setOnDisk);
    Present.set(params.memory(), builder::setMemory);
    Present.set(params.datatype(), builder::setDatatype);
    Present.set(params.multivector(), how -> builder.setMultivector(comparator(how)));
    Present.set(
        params.quantization(),
        quantization -> builder.setQuantization(QuantizationMessages.quantization(quantization)));
    return builder.build();
  }

  static VectorParams vector(VectorParamsMessage message) {
    return new VectorParams(
        message.getSize(),
        distance(message.getDistance()),
        message.hasHnsw() ? SettingsMessages.diff(message.getHnsw()) : null,
        message.hasOnDisk() ? (Boolean) message.getOnDisk() : null,
        message.hasMemory() ? message.getMemory() : null,
        message.hasDatatype() ? message.getDatatype() : null,
        comparator(message.getMultivector()),
        message.hasQuantization()
            ? QuantizationMessages.quantization(message.getQuantization())
            : null);
  }

  private static ComparatorMessage comparator(MultiVectorComparator comparator) {
    return switch (comparator) {
      case MAX_SIM -> ComparatorMessage.COMPARATOR_MAX_SIM;
    };
  }

  private static @Nullable MultiVectorComparator comparator(ComparatorMessage message) {
    return switch (message) {
      case COMPARATOR_UNSPECIFIED -> null;
      case COMPARATOR_MAX_SIM -> MultiVectorComparator.MAX_SIM;
      case UNRECOGNIZED -> throw new IllegalArgumentException("unknown comparator");
    };
  }

  private static VectorDiffMessage diff(String name, VectorDiff diff) {
    VectorDiffMessage.Builder builder = VectorDiffMessage.newBuilder().setName(name);
    Present.set(diff.hnsw(), hnsw -> builder.setHnsw(SettingsMessages.hnsw(hnsw)));
    Present.set(diff.onDisk(), builder::setOnDisk);
    Present.set(diff.memory(), builder::setMemory);
    Present.set(
        diff.quantization(),
        quantization -> builder.setQuantization(QuantizationMessages.diff(quantization)));
    return builder.build();
  }

  private static VectorDiff diff(VectorDiffMessage message) {
    return new VectorDiff(
        message.hasHnsw() ? SettingsMessages.diff(message.getHnsw()) : null,
        message.hasOnDisk() ? (Boolean) message.getOnDisk() : null,
        message.hasMemory() ? message.getMemory() : null,
        message.hasQuantization() ? QuantizationMessages.diff(message.getQuantization()) : null);
  }

  private static DistanceMessage distance(Distance distance) {
    return switch (distance) {
      case COSINE -> DistanceMessage.DISTANCE_COSINE;
      case EUCLID -> DistanceMessage.DISTANCE_EUCLID;
      case DOT -> DistanceMessage.DISTANCE_DOT;
      case MANHATTAN -> DistanceMessage.DISTANCE_MANHATTAN;
    };
  }

  private static Distance distance(DistanceMessage message) {
    return switch (message) {
      case DISTANCE_COSINE -> Distance.COSINE;
      case DISTANCE_EUCLID -> Distance.EUCLID;
      case DISTANCE_DOT -> Distance.DOT;
      case DISTANCE_MANHATTAN -> Distance.MANHATTAN;
      case DISTANCE_UNSPECIFIED -> throw PointMessages.unset("distance");
      case UNRECOGNIZED -> throw new IllegalArgumentException("unknown distance");
    };
  }

  private static WalMessage wal(WalConfig wal) {
    return WalMessage.newBuilder()
        .setWalCapacityMb(wal.walCapacityMb())
        .setWalSegmentsAhead(wal.walSegmentsAhead())
        .setWalRetainClosed(wal.walRetainClosed())
        .build();
  }

  private static WalConfig wal(WalMessage message) {
    return new WalConfig(
        message.getWalCapacityMb(), message.getWalSegmentsAhead(), message.getWalRetainClosed());
  }

  private static ByteString json(JsonObject object) {
    return UnsafeByteOperations.unsafeWrap(JsonCodec.write(object));
  }

  private static JsonObject object(ByteString bytes) {
    try {
      if (JsonCodec.parse(bytes.toByteArray()) instanceof JsonObject object) {
        return object;
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("metadata is not JSON", e);
    }
    throw new IllegalArgumentException("metadata is not a JSON object");
  }
}
