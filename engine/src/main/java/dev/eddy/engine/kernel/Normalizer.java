package dev.eddy.engine.kernel;

/**
 * Scales vectors to unit length, the same on every machine: a scalar sum in index order, so that
 * replicas store equal bytes.
 */
public final class Normalizer {
  private Normalizer() {}

  /**
   * Scales the vector to Euclidean length 1 in place. A vector of zeros stays as it is; so does one
   * of non-finite length.
   */
  public static void normalize(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    if (squares == 0 || !Double.isFinite(squares)) {
      return;
    }
    double length = Math.sqrt(squares);
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (vector[i] / length);
    }
  }
}
