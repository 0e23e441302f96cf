package dev.eddy.engine.segment;

import dev.eddy.engine.graph.HopLimits;
import dev.eddy.engine.graph.WalkLimits;

/**
 * How to search.
 *
 * @param k hits wanted, at least 1
 * @param ef beam of the graph search; raised to k where below it
 * @param way how a segment with a graph is searched; others are scanned
 * @param indexedOnly whether rows that wait for a graph are left out; segments too small for one
 *     are not
 * @param codes what is made of codes where rows have them
 */
public record SlotSearch(int k, int ef, Way way, boolean indexedOnly, CodeUse codes) {
  /** How the rows of a segment are found. */
  public sealed interface Way {
    /** A walk without limits. */
    Walk WALK = new Walk(WalkLimits.NONE);

    /** Whether the search of a graph may be given up. */
    default boolean isLimited() {
      return switch (this) {
        case Walk(WalkLimits limits) -> !limits.equals(WalkLimits.NONE);
        case TwoHop _ -> true;
        case Exact _ -> false;
        case Codes(long tests) -> tests < Long.MAX_VALUE;
      };
    }

    /** Every accepted row is scored. */
    record Exact() implements Way {}

    /**
     * Every row is estimated where there are codes, and the accepted ones among the best scored;
     * given up where estimates don't tell which are the best.
     *
     * @param tests rows that may be asked for their acceptance, in each segment
     */
    record Codes(long tests) implements Way {}

    /**
     * The graph is walked, accepted or not.
     *
     * @param limits for the graph of each segment
     */
    record Walk(WalkLimits limits) implements Way {}

    /**
     * The graph is walked from one accepted row to the next, over at most one that is not.
     *
     * @param limits for the graph of each segment
     */
    record TwoHop(HopLimits limits) implements Way {}
  }

  private static final int SKETCHED_MIN = 100;
  private static final int SKETCHED_PER_HIT = 8;
  private static final int CODED_MIN = 200;
  private static final int CODED_PER_HIT = 10;
  private static final int MOST = 1 << 30;

  /** Rows scored after a scan by sketches. */
  public static int scoredAfterSketches(int k, int ef) {
    return Math.max(ef, (int) Math.clamp((long) SKETCHED_PER_HIT * k, SKETCHED_MIN, MOST));
  }

  /** Rows scored after a scan by blocks of codes. */
  public static int scoredAfterCodes(int k, int ef) {
    return Math.max(ef, (int) Math.clamp((long) CODED_PER_HIT * k, CODED_MIN, MOST));
  }

  /** Checks k and raises ef. */
  public SlotSearch {
    if (k < 1) {
      throw new IllegalArgumentException("k must be at least 1, got " + k);
    }
    ef = Math.max(ef, k);
  }

  /** The same by whatever codes there are. */
  public SlotSearch(int k, int ef, Way way, boolean indexedOnly) {
    this(k, ef, way, indexedOnly, CodeUse.DEFAULT);
  }

  /** A search of rows with and without a graph. */
  public SlotSearch(int k, int ef, Way way) {
    this(k, ef, way, false);
  }

  /** The same in another way, with another beam. */
  public SlotSearch by(Way other, int beam) {
    return new SlotSearch(k, beam, other, indexedOnly, codes);
  }

  /** A graph search without a limit. */
  public static SlotSearch nearest(int k, int ef) {
    return new SlotSearch(k, ef, Way.WALK);
  }

  /** An exact scan. */
  public static SlotSearch exact(int k) {
    return new SlotSearch(k, k, new Way.Exact());
  }
}
