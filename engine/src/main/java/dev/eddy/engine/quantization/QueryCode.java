package dev.eddy.engine.quantization;

/**
 * A query as it is compared with codes. Filled by {@link RowQuantizer#prepare}; re-usable, not
 * thread-safe.
 */
public final class QueryCode {
  float[] rotated = new float[0];

  /** Whole numbers, in steps of {@link #step}. */
  short[] numbers = new short[0];

  /** What a product of whole numbers is to be multiplied by. */
  float step;

  /** Taken off a product: the codes' levels are not centred. */
  float middle;

  /** Added to an estimate. */
  float bias;

  /** Keeps what room there is: numbers that are left from another query meet zeros of codes. */
  void makeRoom(int size, int chunkNumbers) {
    if (rotated.length < size) {
      rotated = new float[size];
    }
    if (numbers.length < chunkNumbers) {
      numbers = new short[chunkNumbers];
    }
  }

  /** The estimate of a row from its product and what is stored with its code. */
  float estimate(int product, float factor, float base) {
    return Math.fma(factor * step, product - middle, bias + base);
  }
}
