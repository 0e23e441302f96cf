package dev.eddy.engine.graph;

import dev.eddy.engine.quantization.RowCodes;

/**
 * Scans given rows by their sketches, a tenth of the bytes: those with the best estimates are
 * scored first, which tells how good a row has to be and how far estimates are off, and then all
 * others that may be as good. Where estimates differ less than they err, these are nearly all of
 * the rows. Static and allocation-free; all state is in the scratch.
 */
public final class MatchScanner {
  /** Rows estimated together, at most. */
  public static final int TOGETHER = 64;

  /** Rows scored to learn how far estimates are off anywhere; no more than are scored together. */
  static final int SAMPLED = 48;

  private MatchScanner() {}

  /**
   * Begins a scan.
   *
   * @param query padded to the rows' stride
   * @param best how many rows are scored at least
   */
  public static void begin(RowCodes codes, float[] query, int best, SearchScratch scratch) {
    codes.prepareWithSketch(query, 0, scratch.tables);
    beginAgain(best, scratch);
  }

  /** Begins another scan for the same query and by the same codes. */
  public static void beginAgain(int best, SearchScratch scratch) {
    EstimatedRows.begin(best, scratch);
    scratch.givenCount = 0;
    scratch.nextGiven = 0;
  }

  /**
   * Estimates rows {@code ordinals[from .. from + count)}, ascending at best.
   *
   * @param count at most {@link #TOGETHER}
   */
  public static void add(
      RowCodes codes, int[] ordinals, int from, int count, SearchScratch scratch) {
    scratch.growGiven(count);
    int first = scratch.givenCount;
    System.arraycopy(ordinals, from, scratch.given, first, count);
    float[] estimates = scratch.givenEstimates;
    codes.sketches().estimate(scratch.tables, scratch.given, first, count, estimates);
    float threshold = EstimatedRows.threshold(scratch);
    long[] entries = scratch.entries(count);
    int entering = scratch.entering;
    int end = first + count;
    for (int i = first; i < end; i++) {
      if (estimates[i] > threshold) {
        entries[entering++] = CandidatePool.entry(i, estimates[i], true);
      }
    }
    scratch.entering = entering;
    scratch.givenCount = end;
    EstimatedRows.cutMany(scratch);
  }

  /** Rows that were estimated and not scored yet. */
  public static int given(SearchScratch scratch) {
    return scratch.givenCount;
  }

  /** Takes those of the rows for the pool whose estimates are good enough, as accepted nodes. */
  static void enterEstimated(RowCodes codes, int[] ordinals, int count, SearchScratch scratch) {
    float[] estimates = scratch.scores(count);
    codes.sketches().estimate(scratch.tables, ordinals, 0, count, estimates);
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

  /**
   * Scores the rows with the best estimates and a sample of the others, and leaves them as the
   * scratch's results.
   */
  public static void scoreBest(Rows rows, float[] query, SearchScratch scratch) {
    EstimatedRows.score(rows, query, scratch.given, scratch);
    for (int i = 0; i < scratch.pool.size(); i++) {
      int place = scratch.pool.nodeAt(i);
      scratch.given[place] = ~scratch.given[place];
    }
    scoreSample(rows, query, scratch);
  }

  private static void scoreSample(Rows rows, float[] query, SearchScratch scratch) {
    int[] given = scratch.given;
    int[] ordinals = scratch.links(SAMPLED);
    int step = Math.max(1, scratch.givenCount / SAMPLED);
    int first = scratch.results();
    int count = 0;
    for (int place = step / 2; place < scratch.givenCount && count < SAMPLED; place += step) {
      if (given[place] >= 0) {
        ordinals[count++] = given[place];
        given[place] = ~given[place];
        scratch.sampled[count - 1] = scratch.givenEstimates[place];
      }
    }
    EstimatedRows.addScored(rows, query, ordinals, count, scratch);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      double error = scratch.scoreAt(first + i) - scratch.sampled[i];
      sum += error;
      squares += error * error;
    }
    scratch.fit.addSample(count, sum, squares);
    scratch.visitedRows += count;
    scratch.comparedRows += count;
  }

  /**
   * Scores some of the other rows that may be better than the worst hit so far, and leaves them as
   * the scratch's results instead of others.
   *
   * @param worst similarity of that hit; negative infinity = each row may be a hit
   * @return false when there are none any more
   */
  public static boolean scoreMore(Rows rows, float[] query, float worst, SearchScratch scratch) {
    scratch.cutResults(0);
    int[] given = scratch.given;
    float[] estimates = scratch.givenEstimates;
    int end = scratch.givenCount;
    float bound = scratch.fit.leastEstimate(worst);
    int[] ordinals = scratch.links(EstimatedRows.SCORED_TOGETHER);
    int count = 0;
    int next = scratch.nextGiven;
    for (; next < end && count < EstimatedRows.SCORED_TOGETHER; next++) {
      // Estimates that are no numbers are below nothing.
      if (!(estimates[next] < bound) && given[next] >= 0) {
        ordinals[count++] = given[next];
      }
    }
    scratch.nextGiven = next;
    if (count == 0) {
      return false;
    }
    EstimatedRows.addScored(rows, query, ordinals, count, scratch);
    scratch.visitedRows += count;
    scratch.comparedRows += count;
    return true;
  }
}
