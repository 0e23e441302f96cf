package dev.eddy.engine.segment;

import dev.eddy.engine.graph.NeighborBlocks;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.quantization.CodeLayout;
import dev.eddy.engine.quantization.PairQuantizer;
import dev.eddy.model.shard.VectorForms.Unfused;
import java.util.concurrent.TimeUnit;

/**
 * When a segment gets fused codes, which cost about 1.1 KiB a vector of 100 dimensions and make
 * searches some times faster.
 *
 * @param minRows fewer are in the caches anyway, and no sample to train on
 * @param budget what all segments of the node may take for it
 * @param slotsPerLink slots of a node for each link that it may have on layer 0
 */
public record FusedPolicy(int minRows, ByteBudget budget, int slotsPerLink) {
  /** Rows from which codes pay. */
  public static final int MIN_ROWS = 16_384;

  /** Who found no room, or had to make some, looks for it again after this time. */
  static final long RETRY_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** One for all: who has another policy than before is built anew. */
  private static final FusedPolicy NONE = new FusedPolicy(Integer.MAX_VALUE, new ByteBudget(0));

  /** Beyond this many dimensions a block is longer than what it saves. */
  private static final int DIMENSION_MAX = 256;

  /** Beyond this many slots a node likewise. */
  private static final int SLOTS_MAX = 128;

  /** Checks the ranges. */
  public FusedPolicy {
    if (minRows < 256) {
      throw new IllegalArgumentException("minRows must be at least 256, got " + minRows);
    }
    if (slotsPerLink < 1 || slotsPerLink > 2) {
      throw new IllegalArgumentException("slotsPerLink must be 1 or 2, got " + slotsPerLink);
    }
  }

  /** As many slots as links. */
  public FusedPolicy(int minRows, ByteBudget budget) {
    this(minRows, budget, 1);
  }

  /**
   * Within the same budget with twice the slots, which are filled, where there is room for so many;
   * a little faster again.
   */
  public FusedPolicy wide() {
    return new FusedPolicy(minRows, budget, 2);
  }

  /** No fused codes. */
  public static FusedPolicy none() {
    return NONE;
  }

  /** Within this budget. */
  public static FusedPolicy within(long budgetBytes) {
    return within(budgetBytes, MemoryBudget.unlimited());
  }

  /** Within this budget and what the node's memory has room for. */
  public static FusedPolicy within(long budgetBytes, MemoryBudget memory) {
    return new FusedPolicy(MIN_ROWS, new ByteBudget(budgetBytes, memory));
  }

  /** Slots of a node; no more than pay, where that is enough for its links. */
  int slots(VectorFieldSettings settings) {
    int links = settings.graph().m0();
    return Math.max(links, Math.min(slotsPerLink * links, SLOTS_MAX));
  }

  /**
   * Slots of a node of a segment of so many rows: as many as links where there is no room for all
   * that pay. For these there may be none, either.
   */
  int slotsWithin(VectorFieldSettings settings, int rows) {
    int most = slots(settings);
    boolean isRoom = budget.hasRoomFor(bytesOf(settings, most, rows));
    return isRoom ? most : settings.graph().m0();
  }

  /** Bytes that a segment of so many rows takes with so many slots a node. */
  static long bytesOf(VectorFieldSettings settings, int slots, int rows) {
    CodeLayout layout = PairQuantizer.layoutOf(settings.metric(), settings.dimension());
    return NeighborBlocks.bytesOf(layout, slots, rows);
  }

  /** Whether a field kept so has the same speed form, or none, by another policy. */
  boolean isSameFor(VectorFieldSettings settings, FusedPolicy other) {
    if (!isFor(settings) || !other.isFor(settings)) {
      return isFor(settings) == other.isFor(settings);
    }
    return minRows == other.minRows
        && budget.equals(other.budget)
        && slots(settings) == other.slots(settings);
  }

  /** Why there are no fused codes of a field with a graph, where {@link #isFor} says so. */
  Unfused refusal(VectorFieldSettings settings) {
    if (settings.metric() == Metric.MANHATTAN) {
      return Unfused.METRIC;
    }
    boolean isLength =
        settings.dimension() <= DIMENSION_MAX
            && PairQuantizer.isFor(settings.metric(), settings.dimension());
    return isLength ? Unfused.LINKS : Unfused.DIMENSION;
  }

  /**
   * Whether a segment of so many rows would get fused codes, if not with all slots that pay, once
   * so many bytes are given back.
   */
  boolean hasRoomFor(VectorFieldSettings settings, int rows, long freedBytes) {
    if (!isFor(settings) || rows < minRows) {
      return false;
    }
    // Fewer slots do not always take less: memory comes in slabs.
    long most = bytesOf(settings, slots(settings), rows);
    long least = Math.min(most, bytesOf(settings, settings.graph().m0(), rows));
    return budget.hasRoomFor(least - freedBytes);
  }

  boolean isFor(VectorFieldSettings settings) {
    Metric metric = settings.metric();
    return budget.limitBytes() > 0
        && settings.graph().hasGraph()
        && settings.dimension() <= DIMENSION_MAX
        && slots(settings) <= SLOTS_MAX
        && PairQuantizer.isFor(metric, settings.dimension());
  }
}
