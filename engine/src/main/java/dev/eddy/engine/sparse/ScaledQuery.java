package dev.eddy.engine.sparse;

/**
 * A query whose sums are whole numbers: of such units that no sum of bounds passes an int.
 *
 * @param scale units of a score of 1; not finite where weights are not, and nothing can be summed
 * @param rounding units by which a score in float32 may be off the sum of its products
 */
record ScaledQuery(SparseQuery query, double scale, int rounding) {
  /** Sums stay below twice this, with all that is rounded up. */
  private static final double SUM_MAX = 1 << 29;

  /** Error of a sum of float32 products, per term and relative; twice the unit roundoff. */
  private static final double ROUNDING_PER_TERM = 1.2e-7;

  /** Products may be so small that float32 loses more of them than the rounding allows for. */
  private static final double LEAST = 1e-30;

  /**
   * Finds the scale.
   *
   * @param magnitudes at least the largest absolute product of each term
   */
  static ScaledQuery of(SparseQuery query, double[] magnitudes) {
    double most = 0;
    for (double magnitude : magnitudes) {
      most += magnitude;
    }
    double scale = most == 0 ? 1 : SUM_MAX / most;
    boolean isBeyondFloats = !(most <= Float.MAX_VALUE) || (most != 0 && most < LEAST);
    if (isBeyondFloats || !Double.isFinite(scale)) {
      return new ScaledQuery(query, Double.NaN, 0);
    }
    double error = ROUNDING_PER_TERM * (magnitudes.length + 2) * most * scale;
    return new ScaledQuery(query, scale, (int) Math.min(SUM_MAX, error) + 1);
  }

  boolean isFinite() {
    return Double.isFinite(scale);
  }

  /** The query's weight of a term in units. */
  double factor(int term) {
    return query.values()[term] * scale;
  }
}
