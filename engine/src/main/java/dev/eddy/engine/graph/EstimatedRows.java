package dev.eddy.engine.graph;

/**
 * What scans by estimates have in common: the scratch's pool keeps the rows with the best
 * estimates, which are scored at the end. Static and allocation-free.
 */
final class EstimatedRows {
  private static final int SCORED_TOGETHER = 64;
  private static final int MERGED_TOGETHER_MIN = 64;

  /** A merge moves the whole pool: where that is large, more entries come with each. */
  private static final int MERGES_PER_POOL = 4;

  /**
   * How far a row left out may be better than its estimate, in mean errors of those scored: one of
   * fifteen is if errors are distributed normally.
   */
  private static final double ERRORS_TRUSTED = 1.5;

  /** Where scores rise less than by this part of estimates, these are mostly error. */
  private static final double LEAST_SLOPE = 0.5;

  private EstimatedRows() {}

  static void begin(int best, SearchScratch scratch) {
    scratch.begin();
    scratch.pool.reset(best);
    scratch.entering = 0;
    scratch.offeredRows = 0;
    scratch.mergedTogether = Math.max(MERGED_TOGETHER_MIN, best / MERGES_PER_POOL);
  }

  /** Merges the waiting entries into the pool when there are enough. */
  static void mergeMany(SearchScratch scratch) {
    if (scratch.entering >= scratch.mergedTogether) {
      merge(scratch);
    }
  }

  /** Merges the last waiting entries. */
  static void merge(SearchScratch scratch) {
    scratch.pool.merge(scratch.entries(0), scratch.entering);
    scratch.entering = 0;
  }

  /**
   * Scores the rows of the pool and leaves them as the scratch's results, with a bound for those
   * left out.
   */
  static void score(Rows rows, float[] query, SearchScratch scratch) {
    merge(scratch);
    CandidatePool pool = scratch.pool;
    int[] ordinals = scratch.links(SCORED_TOGETHER);
    float[] scores = scratch.scores(SCORED_TOGETHER);
    for (int at = 0; at < pool.size(); at += SCORED_TOGETHER) {
      int count = Math.min(SCORED_TOGETHER, pool.size() - at);
      for (int i = 0; i < count; i++) {
        ordinals[i] = pool.nodeAt(at + i);
      }
      rows.score(query, 0, ordinals, 0, count, scores);
      for (int i = 0; i < count; i++) {
        scratch.addResult(ordinals[i], scores[i]);
      }
    }
    scratch.visitedRows += pool.size();
    scratch.comparedRows = pool.size();
    scratch.leftOutScore = leftOut(pool, scratch);
  }

  /**
   * The best estimate left out, raised by what estimates are too low and by their error; infinity
   * where estimates tell nothing. The rows scored were chosen by estimates, so where these are
   * mostly error theirs look better than those of the others: it shows in scores that don't rise
   * with estimates.
   */
  private static float leftOut(CandidatePool pool, SearchScratch scratch) {
    double threshold = pool.threshold();
    if (threshold == Float.NEGATIVE_INFINITY) {
      return Float.NEGATIVE_INFINITY;
    }
    int count = pool.size();
    double estimates = 0;
    double errors = 0;
    double estimateSquares = 0;
    double errorSquares = 0;
    double products = 0;
    for (int i = 0; i < count; i++) {
      double estimate = pool.scoreAt(i) - threshold;
      double error = scratch.scoreAt(i) - threshold - estimate;
      estimates += estimate;
      errors += error;
      estimateSquares += estimate * estimate;
      errorSquares += error * error;
      products += estimate * error;
    }
    double spread = estimateSquares - estimates * estimates / count;
    double slope = 1 + (products - estimates * errors / count) / spread;
    double bound =
        threshold + Math.max(0, errors / count) + ERRORS_TRUSTED * Math.sqrt(errorSquares / count);
    return slope >= LEAST_SLOPE && Double.isFinite(bound) ? (float) bound : Float.POSITIVE_INFINITY;
  }
}
