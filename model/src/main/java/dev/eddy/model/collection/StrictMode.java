package dev.eddy.model.collection;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Limits that a collection puts on what is asked of it; null = no such limit. Nothing of it counts
 * unless it is {@code enabled}.
 *
 * @param maxQueryLimit hits of a query, points of a page
 * @param maxTimeout seconds
 * @param unindexedFilteringRetrieve whether reads may filter by fields that are not declared
 * @param unindexedFilteringUpdate whether writes may
 * @param upsertMaxBatchsize points of one write
 * @param searchMaxBatchsize queries of one batch
 * @param readRateLimit queries a minute
 * @param writeRateLimit points written a minute
 * @param filterMaxConditions conditions of one filter
 * @param conditionMaxSize values of one condition
 * @param multivectors rows of a point, by vector name
 * @param sparseVectors indices of a point, by vector name
 * @param maxPayloadIndexCount declared fields
 * @param maxResidentMemoryPercent of the memory of the node that is asked: beyond it writes that
 *     add data are refused
 */
public record StrictMode(
    @Nullable Boolean enabled,
    @Nullable Integer maxQueryLimit,
    @Nullable Integer maxTimeout,
    @Nullable Boolean unindexedFilteringRetrieve,
    @Nullable Boolean unindexedFilteringUpdate,
    @Nullable Integer searchMaxHnswEf,
    @Nullable Boolean searchAllowExact,
    @Nullable Double searchMaxOversampling,
    @Nullable Long upsertMaxBatchsize,
    @Nullable Long searchMaxBatchsize,
    @Nullable Long maxCollectionVectorSizeBytes,
    @Nullable Long maxCollectionPayloadSizeBytes,
    @Nullable Long maxPointsCount,
    @Nullable Integer readRateLimit,
    @Nullable Integer writeRateLimit,
    @Nullable Long filterMaxConditions,
    @Nullable Long conditionMaxSize,
    Map<String, Bound> multivectors,
    Map<String, Bound> sparseVectors,
    @Nullable Long maxPayloadIndexCount,
    @Nullable Integer maxResidentMemoryPercent) {

  /**
   * A limit of one vector.
   *
   * @param max null = none
   */
  public record Bound(@Nullable Long max) {}

  /** Nothing said. */
  public static final StrictMode NONE =
      new StrictMode(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null, null, Map.of(), Map.of(), null, null);

  public StrictMode {
    multivectors = Collections.unmodifiableMap(new TreeMap<>(multivectors));
    sparseVectors = Collections.unmodifiableMap(new TreeMap<>(sparseVectors));
  }

  /** Whether the limits count. */
  public boolean isOn() {
    return enabled != null && enabled;
  }

  /** The same with other limits of vectors. */
  public StrictMode withBounds(
      Map<String, Bound> otherMultivectors, Map<String, Bound> otherSparseVectors) {
    return new StrictMode(
        enabled,
        maxQueryLimit,
        maxTimeout,
        unindexedFilteringRetrieve,
        unindexedFilteringUpdate,
        searchMaxHnswEf,
        searchAllowExact,
        searchMaxOversampling,
        upsertMaxBatchsize,
        searchMaxBatchsize,
        maxCollectionVectorSizeBytes,
        maxCollectionPayloadSizeBytes,
        maxPointsCount,
        readRateLimit,
        writeRateLimit,
        filterMaxConditions,
        conditionMaxSize,
        otherMultivectors,
        otherSparseVectors,
        maxPayloadIndexCount,
        maxResidentMemoryPercent);
  }

  /** These limits where they say something, the older ones elsewhere. */
  public StrictMode over(StrictMode older) {
    return new StrictMode(
        or(enabled, older.enabled),
        or(maxQueryLimit, older.maxQueryLimit),
        or(maxTimeout, older.maxTimeout),
        or(unindexedFilteringRetrieve, older.unindexedFilteringRetrieve),
        or(unindexedFilteringUpdate, older.unindexedFilteringUpdate),
        or(searchMaxHnswEf, older.searchMaxHnswEf),
        or(searchAllowExact, older.searchAllowExact),
        or(searchMaxOversampling, older.searchMaxOversampling),
        or(upsertMaxBatchsize, older.upsertMaxBatchsize),
        or(searchMaxBatchsize, older.searchMaxBatchsize),
        or(maxCollectionVectorSizeBytes, older.maxCollectionVectorSizeBytes),
        or(maxCollectionPayloadSizeBytes, older.maxCollectionPayloadSizeBytes),
        or(maxPointsCount, older.maxPointsCount),
        or(readRateLimit, older.readRateLimit),
        or(writeRateLimit, older.writeRateLimit),
        or(filterMaxConditions, older.filterMaxConditions),
        or(conditionMaxSize, older.conditionMaxSize),
        merged(multivectors, older.multivectors),
        merged(sparseVectors, older.sparseVectors),
        or(maxPayloadIndexCount, older.maxPayloadIndexCount),
        or(maxResidentMemoryPercent, older.maxResidentMemoryPercent));
  }

  private static <T> @Nullable T or(@Nullable T given, @Nullable T older) {
    return given != null ? given : older;
  }

  private static Map<String, Bound> merged(Map<String, Bound> given, Map<String, Bound> older) {
    Map<String, Bound> both = new TreeMap<>(older);
    both.putAll(given);
    return both;
  }
}
