package dev.eddy.engine.segment;

/**
 * How to search.
 *
 * @param k hits wanted, at least 1
 * @param ef beam of the graph search; raised to k where below it
 * @param exact whether to score every accepted row instead of using graphs
 * @param visitedBudget rows that graph searches may score in all before they give up; {@link
 *     Long#MAX_VALUE} = no limit
 * @param indexedOnly whether rows that wait for a graph are left out; segments too small for one
 *     are not
 * @param codes what is made of codes where rows have them
 */
public record SlotSearch(
    int k, int ef, boolean exact, long visitedBudget, boolean indexedOnly, CodeUse codes) {
  /** Checks k and raises ef. */
  public SlotSearch {
    if (k < 1) {
      throw new IllegalArgumentException("k must be at least 1, got " + k);
    }
    ef = Math.max(ef, k);
  }

  /** The same by whatever codes there are. */
  public SlotSearch(int k, int ef, boolean exact, long visitedBudget, boolean indexedOnly) {
    this(k, ef, exact, visitedBudget, indexedOnly, CodeUse.DEFAULT);
  }

  /** A search of every row. */
  public SlotSearch(int k, int ef, boolean exact, long visitedBudget) {
    this(k, ef, exact, visitedBudget, false, CodeUse.DEFAULT);
  }

  /** A graph search without a budget. */
  public static SlotSearch nearest(int k, int ef) {
    return new SlotSearch(k, ef, false, Long.MAX_VALUE);
  }

  /** An exact scan. */
  public static SlotSearch exact(int k) {
    return new SlotSearch(k, k, true, Long.MAX_VALUE);
  }
}
