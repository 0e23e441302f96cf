package dev.eddy.engine.quantization;

import dev.eddy.engine.kernel.KernelSelector;
import dev.eddy.engine.kernel.RowCodeKernels;
import java.util.Random;

/**
 * A random rotation in {@code n log n} steps: signs and Hadamard transforms of the first and of the
 * last numbers in turn, twice (as in Ailon and Chazelle 2009, "The fast Johnson-Lindenstrauss
 * transform"). It spreads what a vector says over all its numbers, which then are about normally
 * distributed. The same for the same size. Immutable.
 */
final class HadamardRotation {
  /** Sizes are a multiple of this. */
  static final int MULTIPLE = 16;

  private static final RowCodeKernels KERNELS = KernelSelector.rowCodeKernels();
  private static final int ROUNDS = 2;
  private static final long SEED = 0x51605L;

  private final int size;
  private final int part;
  private final float scale;

  /** Two rows of signs per round, scaled. */
  private final float[] signs;

  /** Of vectors of at least this dimension. */
  HadamardRotation(int dimension) {
    this.size = (dimension + MULTIPLE - 1) / MULTIPLE * MULTIPLE;
    this.part = Integer.highestOneBit(size);
    this.scale = 1 / (float) Math.sqrt(part);
    this.signs = new float[2 * ROUNDS * size];
    Random random = new Random(SEED);
    for (int row = 0; row < 2 * ROUNDS; row++) {
      // A transform's scale is left to the signs that follow it.
      int scaledFrom = row % 2 == 1 ? 0 : size - part;
      for (int i = 0; i < size; i++) {
        boolean isScaled = row > 0 && i >= scaledFrom && i < scaledFrom + part;
        signs[row * size + i] = (random.nextBoolean() ? 1 : -1) * (isScaled ? scale : 1);
      }
    }
  }

  /** Numbers of a rotated vector. */
  int size() {
    return size;
  }

  /** Rotates in place; the numbers from the dimension on are zeros before. */
  void apply(float[] vector) {
    for (int round = 0; round < ROUNDS; round++) {
      flip(vector, 2 * round * size);
      KERNELS.hadamard(vector, 0, part);
      flip(vector, (2 * round + 1) * size);
      KERNELS.hadamard(vector, size - part, part);
    }
    for (int i = size - part; i < size; i++) {
      vector[i] *= scale;
    }
  }

  /** Rotates back in place. */
  void invert(float[] vector) {
    for (int round = ROUNDS - 1; round >= 0; round--) {
      transformBack(vector, size - part, (2 * round + 1) * size);
      transformBack(vector, 0, 2 * round * size);
    }
  }

  /** A scaled transform is its own inverse; of the signs the scale does not count. */
  private void transformBack(float[] vector, int at, int signsAt) {
    KERNELS.hadamard(vector, at, part);
    for (int i = at; i < at + part; i++) {
      vector[i] *= scale;
    }
    for (int i = 0; i < size; i++) {
      vector[i] = signs[signsAt + i] < 0 ? -vector[i] : vector[i];
    }
  }

  private void flip(float[] vector, int signsAt) {
    for (int i = 0; i < size; i++) {
      vector[i] *= signs[signsAt + i];
    }
  }
}
