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
 * @param strictMode merged limit by limit
 * @param declaration what is declared or dropped; a PATCH has none
 * @param sparseVectors per name, merged setting by setting
 * @param quantization replaced as a whole
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
    @Nullable JsonObject metadata,
    @Nullable StrictMode strictMode,
    @Nullable Declaration declaration,
    Map<String, SparseVectorParams> sparseVectors,
    @Nullable QuantizationDiff quantization) {

  /** What may change of one vector. */
  public record VectorDiff(
      @Nullable HnswDiff hnsw,
      @Nullable Boolean onDisk,
      @Nullable String memory,
      @Nullable QuantizationDiff quantization) {}

  public CollectionChange {
    vectors = Map.copyOf(vectors);
    sparseVectors = Map.copyOf(sparseVectors);
  }

  /** A change of settings without limits, declarations, sparse vectors and quantization. */
  public CollectionChange(
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
    this(
        vectors,
        hnsw,
        optimizers,
        replicationFactor,
        writeConsistencyFactor,
        readFanOutFactor,
        readFanOutDelayMs,
        onDiskPayload,
        payloadMemory,
        metadata,
        null,
        null,
        Map.of(),
        null);
  }

  /** A change that is one declaration. */
  public static CollectionChange of(Declaration declaration) {
    return new CollectionChange(
        Map.of(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        declaration,
        Map.of(),
        null);
  }

  /** The same with a change of limits. */
  public CollectionChange withStrictMode(@Nullable StrictMode change) {
    return with(change, sparseVectors, quantization);
  }

  /** The same with changes of sparse vectors. */
  public CollectionChange withSparseVectors(Map<String, SparseVectorParams> changes) {
    return with(strictMode, changes, quantization);
  }

  /** The same with a change of quantization. */
  public CollectionChange withQuantization(@Nullable QuantizationDiff change) {
    return with(strictMode, sparseVectors, change);
  }

  private CollectionChange with(
      @Nullable StrictMode newStrictMode,
      Map<String, SparseVectorParams> newSparseVectors,
      @Nullable QuantizationDiff newQuantization) {
    return new CollectionChange(
        vectors,
        hnsw,
        optimizers,
        replicationFactor,
        writeConsistencyFactor,
        readFanOutFactor,
        readFanOutDelayMs,
        onDiskPayload,
        payloadMemory,
        metadata,
        newStrictMode,
        declaration,
        newSparseVectors,
        newQuantization);
  }
}
