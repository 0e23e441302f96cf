package dev.eddy.model.collection;

import org.jspecify.annotations.Nullable;

/** Settings of a graph that somebody gave; null = not given. */
public record HnswDiff(
    @Nullable Integer m,
    @Nullable Integer efConstruct,
    @Nullable Integer fullScanThreshold,
    @Nullable Integer maxIndexingThreads,
    @Nullable Boolean onDisk,
    @Nullable String memory,
    @Nullable Integer payloadM,
    @Nullable Boolean inlineStorage) {
  public static final HnswDiff NONE = new HnswDiff(null, null, null, null, null, null, null, null);

  /** This diff where it says something, the older one elsewhere. */
  public HnswDiff over(HnswDiff older) {
    return new HnswDiff(
        m != null ? m : older.m,
        efConstruct != null ? efConstruct : older.efConstruct,
        fullScanThreshold != null ? fullScanThreshold : older.fullScanThreshold,
        maxIndexingThreads != null ? maxIndexingThreads : older.maxIndexingThreads,
        onDisk != null ? onDisk : older.onDisk,
        memory != null ? memory : older.memory,
        payloadM != null ? payloadM : older.payloadM,
        inlineStorage != null ? inlineStorage : older.inlineStorage);
  }
}
