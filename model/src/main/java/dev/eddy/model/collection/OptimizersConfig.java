package dev.eddy.model.collection;

import org.jspecify.annotations.Nullable;

/**
 * Settings of background work, with defaults filled in; sizes in kilobytes of vectors.
 *
 * @param maxOptimizationThreads null or "auto" by the contract = chosen by the node
 */
public record OptimizersConfig(
    double deletedThreshold,
    int vacuumMinVectorNumber,
    int defaultSegmentNumber,
    @Nullable Integer maxSegmentSize,
    @Nullable Integer memmapThreshold,
    @Nullable Integer indexingThreshold,
    long flushIntervalSec,
    @Nullable Integer maxOptimizationThreads,
    @Nullable Boolean preventUnoptimized) {
  public static final OptimizersConfig DEFAULT =
      new OptimizersConfig(0.2, 1_000, 0, null, null, 10_000, 5, null, null);

  /** Settings that somebody gave; null = not given. */
  public record Diff(
      @Nullable Double deletedThreshold,
      @Nullable Integer vacuumMinVectorNumber,
      @Nullable Integer defaultSegmentNumber,
      @Nullable Integer maxSegmentSize,
      @Nullable Integer memmapThreshold,
      @Nullable Integer indexingThreshold,
      @Nullable Long flushIntervalSec,
      @Nullable Integer maxOptimizationThreads,
      @Nullable Boolean preventUnoptimized) {}

  /** This configuration with what the diff gives put in its place. */
  public OptimizersConfig with(Diff diff) {
    return new OptimizersConfig(
        diff.deletedThreshold != null ? diff.deletedThreshold : deletedThreshold,
        diff.vacuumMinVectorNumber != null ? diff.vacuumMinVectorNumber : vacuumMinVectorNumber,
        diff.defaultSegmentNumber != null ? diff.defaultSegmentNumber : defaultSegmentNumber,
        diff.maxSegmentSize != null ? diff.maxSegmentSize : maxSegmentSize,
        diff.memmapThreshold != null ? diff.memmapThreshold : memmapThreshold,
        diff.indexingThreshold != null ? diff.indexingThreshold : indexingThreshold,
        diff.flushIntervalSec != null ? diff.flushIntervalSec : flushIntervalSec,
        diff.maxOptimizationThreads != null ? diff.maxOptimizationThreads : maxOptimizationThreads,
        diff.preventUnoptimized != null ? diff.preventUnoptimized : preventUnoptimized);
  }
}
