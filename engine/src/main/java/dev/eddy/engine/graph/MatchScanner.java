package dev.eddy.engine.graph;

import dev.eddy.engine.quantization.RowCodes;

/**
 * Scans given rows by their sketches, a tenth of the bytes, and scores those with the best
 * estimates. Static and allocation-free; all state is in the scratch.
 */
public final class MatchScanner {
  private MatchScanner() {}

  /**
   * Begins a scan.
   *
   * @param query padded to the rows' stride
   * @param best how many rows will be scored
   */
  public static void begin(RowCodes codes, float[] query, int best, SearchScratch scratch) {
    EstimatedRows.begin(best, scratch);
    codes.prepareWithSketch(query, 0, scratch.tables);
  }

  /** Estimates rows, ascending at best. */
  public static void add(RowCodes codes, int[] ordinals, int count, SearchScratch scratch) {
    enterEstimated(codes, ordinals, count, scratch);
    scratch.offeredRows += count;
    EstimatedRows.mergeMany(scratch);
  }

  /** Takes those of the rows for the pool whose estimates are good enough, as accepted nodes. */
  static void enterEstimated(RowCodes codes, int[] ordinals, int count, SearchScratch scratch) {
    float[] estimates = scratch.scores(count);
    codes.sketches().estimate(scratch.tables, ordinals, count, estimates);
    float threshold = scratch.pool.threshold();
    long[] entries = scratch.entries(count);
    int entering = scratch.entering;
    for (int i = 0; i < count; i++) {
      if (estimates[i] > threshold) {
        entries[entering++] = CandidatePool.entry(ordinals[i], estimates[i], true);
      }
    }
    scratch.entering = entering;
  }

  /** Scores the rows with the best estimates, and leaves them as the scratch's results. */
  public static void finish(Rows rows, float[] query, SearchScratch scratch) {
    EstimatedRows.score(rows, query, scratch);
  }
}
