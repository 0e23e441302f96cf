package dev.eddy.engine.graph;

/** Floats as ints of the same order, to pack a score and a number into one sortable long. */
public final class ScoreBits {
  private ScoreBits() {}

  /** An int that sorts (signed) as the float does; NaN sorts below everything. */
  public static int sortable(float score) {
    if (Float.isNaN(score)) {
      return Integer.MIN_VALUE;
    }
    int bits = Float.floatToRawIntBits(score + 0.0f); // + 0.0 makes one zero of the two.
    return bits ^ ((bits >> 31) & 0x7fffffff);
  }

  /** The float of {@link #sortable}. */
  public static float score(int sortable) {
    if (sortable == Integer.MIN_VALUE) {
      return Float.NaN;
    }
    return Float.intBitsToFloat(sortable ^ ((sortable >> 31) & 0x7fffffff));
  }
}
