package dev.eddy.engine.graph;

import org.jspecify.annotations.Nullable;

/**
 * What scans by estimates have in common: the rows with the best estimates are kept, in any order,
 * and at the end go to the scratch's pool and are scored. Static and allocation-free.
 */
final class EstimatedRows {
  static final int SCORED_TOGETHER = 64;
  private static final int SPARE_MIN = 64;

  private EstimatedRows() {}

  static void begin(int best, SearchScratch scratch) {
    scratch.begin();
    scratch.pool.reset(best);
    scratch.entering = 0;
    scratch.offeredRows = 0;
    scratch.best = best;
    scratch.leastKept = Float.NEGATIVE_INFINITY;
  }

  /** Estimates above this matter. */
  static float threshold(SearchScratch scratch) {
    return scratch.leastKept;
  }

  /**
   * Leaves the best of the entries when there are twice as many: so each is looked at a few times,
   * where keeping them in order would move many for each.
   */
  static void cutMany(SearchScratch scratch) {
    if (scratch.entering - scratch.best >= Math.max(SPARE_MIN, scratch.best)) {
      cut(scratch);
    }
  }

  private static void cut(SearchScratch scratch) {
    long[] entries = scratch.entries(0);
    EntrySelection.select(entries, scratch.entering, scratch.best);
    scratch.entering = scratch.best;
    scratch.leastKept = CandidatePool.scoreOf(entries[scratch.best - 1]);
  }

  /** Puts the best entries into the pool, in their order. */
  static void merge(SearchScratch scratch) {
    if (scratch.entering > scratch.best) {
      cut(scratch);
    }
    scratch.pool.merge(scratch.entries(0), scratch.entering);
    scratch.entering = 0;
  }

  /**
   * Scores the rows of the pool and leaves them as the scratch's results, with a bound for those
   * left out.
   */
  static void score(Rows rows, float[] query, SearchScratch scratch) {
    score(rows, query, null, scratch);
  }

  /**
   * The same where the pool's nodes are places among others.
   *
   * @param ordinalAt ordinal of each place; null = the nodes are ordinals
   */
  static void score(Rows rows, float[] query, int @Nullable [] ordinalAt, SearchScratch scratch) {
    merge(scratch);
    CandidatePool pool = scratch.pool;
    int[] ordinals = scratch.links(SCORED_TOGETHER);
    for (int at = 0; at < pool.size(); at += SCORED_TOGETHER) {
      int count = Math.min(SCORED_TOGETHER, pool.size() - at);
      for (int i = 0; i < count; i++) {
        int node = pool.nodeAt(at + i);
        ordinals[i] = ordinalAt == null ? node : ordinalAt[node];
      }
      addScored(rows, query, ordinals, count, scratch);
    }
    scratch.visitedRows += pool.size();
    scratch.comparedRows = pool.size();
    scratch.fit.fit(pool, scratch);
    scratch.leftOutScore = scratch.fit.leftOut();
  }

  /**
   * Appends so many rows, no more than are {@linkplain #SCORED_TOGETHER together}, to the results.
   */
  static void addScored(
      Rows rows, float[] query, int[] ordinals, int count, SearchScratch scratch) {
    float[] scores = scratch.scores(SCORED_TOGETHER);
    rows.score(query, 0, ordinals, 0, count, scores);
    for (int i = 0; i < count; i++) {
      scratch.addResult(ordinals[i], scores[i]);
    }
  }
}
