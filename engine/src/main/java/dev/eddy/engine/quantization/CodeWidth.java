package dev.eddy.engine.quantization;

/**
 * How many bits a number of a code has.
 *
 * <p>The steps are those that lose least of numbers that are normally distributed (Max 1960,
 * "Quantizing for minimum distortion"), in units of their deviation: rotated vectors' numbers are.
 */
public enum CodeWidth {
  /** The sign alone. */
  ONE(1, 1.5958f, 16),
  /** Four levels. */
  TWO(2, 0.9957f, 10),
  /** Sixteen levels. */
  FOUR(4, 0.3352f, 3),
  /** 256 levels. */
  EIGHT(8, 0.0308f, 2);

  private final int bits;
  private final float step;
  private final int rescoredPerHit;

  CodeWidth(int bits, float step, int rescoredPerHit) {
    this.bits = bits;
    this.step = step;
    this.rescoredPerHit = rescoredPerHit;
  }

  /** Bits of a number. */
  public int bits() {
    return bits;
  }

  /** The distance of two levels, in deviations. */
  float step() {
    return step;
  }

  /** How many rows with the best estimates have to be compared whole per hit that is wanted. */
  public int rescoredPerHit() {
    return rescoredPerHit;
  }

  /** The middle of the levels. */
  float middle() {
    return ((1 << bits) - 1) / 2f;
  }
}
