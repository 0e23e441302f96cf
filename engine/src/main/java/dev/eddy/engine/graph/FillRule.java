package dev.eddy.engine.graph;

import dev.eddy.engine.kernel.Metric;

/**
 * Chooses among neighbours of neighbours what fills a node's empty places: a candidate is taken
 * when it is not much nearer to a neighbour than to the node (the rule of Subramanya et al. 2019,
 * "DiskANN", alpha above 1). One thread.
 */
final class FillRule {
  /** Candidates looked at, at most. */
  static final int CANDIDATES = 128;

  private final Rows rows;
  private final Metric metric;
  private final float alpha;
  private final float[] candidate;
  private final float[] between;

  /** The node's links, then what fills it. */
  final int[] kept;

  /** Candidates, the best first, and their scores; filled by the caller. */
  final int[] candidates = new int[CANDIDATES];

  final float[] scores = new float[CANDIDATES + 3];

  /**
   * A rule for one thread.
   *
   * @param slots places of a node
   * @param alpha how much nearer a candidate may be to a neighbour, at least 1: the greater, the
   *     more are taken
   */
  FillRule(Rows rows, Metric metric, int slots, float alpha) {
    this.rows = rows;
    this.metric = metric;
    this.alpha = alpha;
    this.candidate = new float[rows.stride()];
    this.between = new float[slots + 3];
    this.kept = new int[slots];
  }

  /**
   * Adds candidates to the first {@code count} of {@link #kept}; returns how many there are then.
   */
  int choose(int count, int found) {
    int keptCount = count;
    for (int i = 0; i < found && keptCount < kept.length; i++) {
      if (isUseful(candidates[i], scores[i], keptCount)) {
        kept[keptCount++] = candidates[i];
      }
    }
    return keptCount;
  }

  private boolean isUseful(int node, float score, int keptCount) {
    if (metric == Metric.DOT) {
      return true; // No distance to compare.
    }
    float limit = scaled(distance(score));
    rows.copy(node, candidate);
    for (int from = 0; from < keptCount; from += 4) {
      int count = Math.min(4, keptCount - from);
      rows.score(candidate, 0, kept, from, count, between);
      for (int i = from; i < from + count; i++) {
        if (distance(between[i]) < limit) {
          return false;
        }
      }
    }
    return true;
  }

  /** Squared where squares are cheaper; both sides of a comparison are alike. */
  private float distance(float score) {
    return metric == Metric.COSINE ? 1 - score : -score;
  }

  /** What a neighbour's distance must not be below. */
  private float scaled(float distance) {
    return distance / (metric == Metric.MANHATTAN ? alpha : alpha * alpha);
  }
}
