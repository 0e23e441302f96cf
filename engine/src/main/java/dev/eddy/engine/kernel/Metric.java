package dev.eddy.engine.kernel;

/**
 * How two vectors are compared. Inside the engine every metric is a similarity: <b>higher is
 * nearer</b>.
 *
 * <p>{@link #toScore} turns the engine's similarity into the number that the API shows (for EUCLID
 * and MANHATTAN a distance, lower is nearer).
 */
public enum Metric {
  /**
   * Dot product of rows that {@link Normalizer#normalize} made unit length before they were stored;
   * the query must be normalised, too.
   */
  COSINE(1),
  /** Dot product. */
  DOT(2),
  /** Minus the squared Euclidean distance. */
  EUCLID(3),
  /** Minus the sum of absolute differences. */
  MANHATTAN(4);

  private final int code;

  Metric(int code) {
    this.code = code;
  }

  /** The number of this metric in stored files; never changes. */
  public int code() {
    return code;
  }

  /**
   * The metric with this stored number.
   *
   * @throws IllegalArgumentException for an unknown number
   */
  public static Metric ofCode(int code) {
    for (Metric metric : values()) {
      if (metric.code == code) {
        return metric;
      }
    }
    throw new IllegalArgumentException("unknown metric code " + code);
  }

  /**
   * The API's score of an engine similarity: itself for COSINE and DOT, the distance for EUCLID and
   * MANHATTAN.
   */
  public float toScore(float internal) {
    return switch (this) {
      case COSINE, DOT -> internal;
      case EUCLID -> (float) Math.sqrt(Math.max(0f, -internal));
      case MANHATTAN -> Math.max(0f, -internal);
    };
  }

  /**
   * The engine similarity of an API score; inverse of {@link #toScore} up to rounding. A negative
   * distance is nearer than anything.
   */
  public float toInternal(float score) {
    return switch (this) {
      case COSINE, DOT -> score;
      case EUCLID -> score < 0 ? Float.POSITIVE_INFINITY : -(score * score);
      case MANHATTAN -> score < 0 ? Float.POSITIVE_INFINITY : -score;
    };
  }

  /** Whether the API's score is better when larger. */
  public boolean isSimilarity() {
    return this == COSINE || this == DOT;
  }
}
