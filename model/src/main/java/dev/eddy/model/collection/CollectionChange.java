package dev.eddy.model.collection;

import dev.eddy.model.collection.OptimizersConfig.Diff;
import dev.eddy.model.json.JsonValue.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a PATCH changes; null or empty = untouched.
 *
 * @param vectors per vector name, the empty name for the unnamed one
 * @param metadata merged by top-level key, a null value removes the key
 */
public record CollectionChange(
    Map<String, VectorDiff> vectors,
    @Nullable HnswDiff hnsw,
    @Nullable Diff optimizers,
    @Nullable Integer replicationFactor,
    @Nullable Integer writeConsistencyFactor,
    @Nullable Integer readFanOutFactor,
    @Nullable Long readFanOutDelayMs,
    @Nullable Boolean onDiskPayload,
    @Nullable String payloadMemory,
    @Nullable JsonObject metadata) {

  /** What may change of one vector. */
  public record VectorDiff(
      @Nullable HnswDiff hnsw, @Nullable Boolean onDisk, @Nullable String memory) {}

  public CollectionChange {
    vectors = Map.copyOf(vectors);
  }
}
