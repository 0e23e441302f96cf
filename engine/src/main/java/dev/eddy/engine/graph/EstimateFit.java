package dev.eddy.engine.graph;

/**
 * What rows with the best estimates, once scored, tell of the others. They were chosen by their
 * estimates, so where these are mostly error theirs look better than they are, and better than
 * those of the others: it shows in scores that don't rise as estimates do, and in the errors of a
 * sample. Not thread-safe.
 */
final class EstimateFit {
  /**
   * How far a row left out may be better than its estimate, in mean errors of those scored: one of
   * fifteen is if errors are distributed normally.
   */
  private static final double ERRORS_TRUSTED = 1.5;

  /**
   * The same, in deviations, where rows beyond are scored: of the worst hits one of a hundred or
   * less is missed. Rows that are nearly the same share their error, and are missed together.
   */
  private static final double DEVIATIONS_FEARED = 2.5;

  /** Where scores rise less than by this part of estimates, these are mostly error. */
  private static final double LEAST_SLOPE = 0.5;

  /** Of the pool: estimates are below where a row was left out. */
  private double threshold;

  /** Of the rows scored: scores less estimates, their mean, and the root of their mean square. */
  private double meanError;

  private double error;
  private double slope;

  /** The same mean of all rows, as far as is known, or 0 where it is less, and the deviation. */
  private double tooLow;

  private double deviation;

  /** Compares the estimates of a full pool with the scores that are the scratch's results. */
  void fit(CandidatePool pool, SearchScratch scratch) {
    threshold = pool.threshold();
    int count = pool.size();
    double estimates = 0;
    double errors = 0;
    double estimateSquares = 0;
    double errorSquares = 0;
    double products = 0;
    for (int i = 0; i < count; i++) {
      double estimate = pool.scoreAt(i) - threshold;
      double off = scratch.scoreAt(i) - threshold - estimate;
      estimates += estimate;
      errors += off;
      estimateSquares += estimate * estimate;
      errorSquares += off * off;
      products += estimate * off;
    }
    double spread = estimateSquares - estimates * estimates / count;
    slope = 1 + (products - estimates * errors / count) / spread;
    meanError = errors / count;
    error = Math.sqrt(errorSquares / count);
    tooLow = Math.max(0, meanError);
    deviation = deviation(count, errors, errorSquares);
  }

  private static double deviation(int count, double sum, double squares) {
    double mean = sum / count;
    return Math.sqrt(Math.max(0, squares / count - mean * mean));
  }

  /**
   * Takes the errors of rows that were not chosen by their estimates.
   *
   * @param sum of so many errors
   * @param squares sum of their squares
   */
  void addSample(int count, double sum, double squares) {
    if (count > 0) {
      tooLow = Math.max(tooLow, sum / count);
      deviation = Math.max(deviation, deviation(count, sum, squares));
    }
  }

  /** What rows left out hardly exceed; infinity where estimates tell nothing, or none were. */
  float leftOut() {
    if (threshold == Float.NEGATIVE_INFINITY) {
      return Float.NEGATIVE_INFINITY;
    }
    double bound = threshold + Math.max(0, meanError) + ERRORS_TRUSTED * error;
    return slope >= LEAST_SLOPE && Double.isFinite(bound) ? (float) bound : Float.POSITIVE_INFINITY;
  }

  /**
   * The estimate below which a row hardly has a score.
   *
   * @param score negative infinity = each row has
   * @return negative infinity where nothing is known
   */
  float leastEstimate(float score) {
    double least = score - tooLow - DEVIATIONS_FEARED * deviation;
    return threshold > Float.NEGATIVE_INFINITY && Double.isFinite(least)
        ? (float) least
        : Float.NEGATIVE_INFINITY;
  }
}
