package dev.eddy.model.collection;

import org.jspecify.annotations.Nullable;

/**
 * How graphs are built, with defaults filled in.
 *
 * @param m links per node on upper layers, {@code 2 * m} on layer 0; 0 = no graph unless there is a
 *     {@code payloadM}. "M" in Malkov and Yashunin (2018)
 * @param efConstruct beam while building, at least 4
 * @param fullScanThreshold kilobytes of vectors below which scanning is preferred
 * @param maxIndexingThreads 0 = chosen by the node
 * @param payloadM the same for filtered searches; null = {@code m}
 */
public record HnswConfig(
    int m,
    int efConstruct,
    int fullScanThreshold,
    int maxIndexingThreads,
    @Nullable Boolean onDisk,
    @Nullable String memory,
    @Nullable Integer payloadM,
    @Nullable Boolean inlineStorage) {
  public static final HnswConfig DEFAULT =
      new HnswConfig(16, 100, 10_000, 0, false, null, null, null);

  /**
   * Links of the graph that there is; 0 = there is none. Filters have no graphs of their own: who
   * wants one for them, and none for other searches, gets one for all.
   */
  public int graphM() {
    return m == 0 && payloadM != null ? payloadM : m;
  }

  /** This configuration with what the diff gives put in its place. */
  public HnswConfig with(HnswDiff diff) {
    return new HnswConfig(
        diff.m() != null ? diff.m() : m,
        diff.efConstruct() != null ? diff.efConstruct() : efConstruct,
        diff.fullScanThreshold() != null ? diff.fullScanThreshold() : fullScanThreshold,
        diff.maxIndexingThreads() != null ? diff.maxIndexingThreads() : maxIndexingThreads,
        diff.onDisk() != null ? diff.onDisk() : onDisk,
        diff.memory() != null ? diff.memory() : memory,
        diff.payloadM() != null ? diff.payloadM() : payloadM,
        diff.inlineStorage() != null ? diff.inlineStorage() : inlineStorage);
  }
}
