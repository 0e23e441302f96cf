package dev.eddy.engine.segment;

import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.quantization.PairQuantizer;

/**
 * When a growing segment gets fused codes, which cost about 1.1 KiB a vector of 100 dimensions and
 * make searches some times faster.
 *
 * @param minRows fewer are in the caches anyway, and no sample to train on
 * @param budget what all segments of the node may take for it
 */
public record FusedPolicy(int minRows, ByteBudget budget) {
  /** Rows from which codes pay. */
  public static final int MIN_ROWS = 16_384;

  /** Beyond this many dimensions a block is longer than what it saves. */
  private static final int DIMENSION_MAX = 256;

  /** Beyond this many links on layer 0 likewise. */
  private static final int LINKS_MAX = 128;

  /** Checks the ranges. */
  public FusedPolicy {
    if (minRows < 256) {
      throw new IllegalArgumentException("minRows must be at least 256, got " + minRows);
    }
  }

  /** No fused codes. */
  public static FusedPolicy none() {
    return new FusedPolicy(Integer.MAX_VALUE, new ByteBudget(0));
  }

  /** Within this budget. */
  public static FusedPolicy within(long budgetBytes) {
    return new FusedPolicy(MIN_ROWS, new ByteBudget(budgetBytes));
  }

  boolean isFor(VectorFieldSettings settings) {
    Metric metric = settings.metric();
    return settings.graph().hasGraph()
        && settings.dimension() <= DIMENSION_MAX
        && settings.graph().m0() <= LINKS_MAX
        && PairQuantizer.isFor(metric, settings.dimension());
  }
}
