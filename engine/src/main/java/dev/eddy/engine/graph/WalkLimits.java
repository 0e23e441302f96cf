package dev.eddy.engine.graph;

/**
 * When a walk that asks an {@link Acceptor} is given up: where few of the nodes near the query are
 * accepted it would go through most of the graph.
 *
 * @param beam nodes kept, accepted or not: a walk that is through with the best of these, and short
 *     of accepted ones, is given up
 * @param rows rows that may be scored; for blocks of codes, what costs as much
 * @param leastShare share of accepted nodes among those that entered the beam below which the walk
 *     ends early, as soon as the share can be told; 0 = it does not matter
 */
public record WalkLimits(int beam, long rows, double leastShare) {
  /** No limits. */
  public static final WalkLimits NONE = new WalkLimits(Integer.MAX_VALUE, Long.MAX_VALUE, 0);

  /** Fewer nodes tell nothing of the share. */
  private static final int TELLING_NODES = 512;

  /** So many accepted nodes are to be expected before their lack tells something. */
  private static final int TELLING_ACCEPTED = 8;

  /** Checks the ranges. */
  public WalkLimits {
    if (!(leastShare >= 0 && leastShare <= 1)) {
      throw new IllegalArgumentException("leastShare must be in [0, 1], got " + leastShare);
    }
  }

  /** Whether the search that uses this scratch has to end; it is noted there. */
  boolean areExceeded(SearchScratch scratch) {
    if (scratch.visitedRows > rows || isPoor(scratch.pool)) {
      scratch.withinBudget = false;
      return true;
    }
    return false;
  }

  private boolean isPoor(CandidatePool pool) {
    double expected = leastShare * pool.entered();
    return pool.entered() >= TELLING_NODES
        && expected >= TELLING_ACCEPTED
        && pool.enteredAccepted() < expected;
  }
}
