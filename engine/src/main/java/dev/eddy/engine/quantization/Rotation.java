package dev.eddy.engine.quantization;

import dev.eddy.engine.kernel.KernelSelector;
import dev.eddy.engine.kernel.Kernels;
import java.util.Random;

/**
 * A random rotation, which spreads a vector's information evenly over its dimensions. The same for
 * the same size. Immutable.
 */
final class Rotation {
  private static final Kernels KERNELS = KernelSelector.kernels();
  private static final long SEED = 0x5EEDL;

  private final int size;
  private final int stride;

  /** Orthonormal rows, padded to the stride. */
  private final float[] rows;

  /** Of vectors of this size, a multiple of 4. */
  Rotation(int size) {
    this.size = size;
    this.stride = KERNELS.padded(size);
    this.rows = new float[size * stride];
    Random random = new Random(SEED);
    double[][] basis = new double[size][size];
    for (double[] row : basis) {
      for (int i = 0; i < size; i++) {
        row[i] = random.nextGaussian();
      }
    }
    orthonormalise(basis);
    for (int row = 0; row < size; row++) {
      for (int i = 0; i < size; i++) {
        rows[row * stride + i] = (float) basis[row][i];
      }
    }
  }

  /** The modified process of Gram and Schmidt. */
  private static void orthonormalise(double[][] basis) {
    for (int row = 0; row < basis.length; row++) {
      for (int before = 0; before < row; before++) {
        double along = dot(basis[row], basis[before]);
        for (int i = 0; i < basis.length; i++) {
          basis[row][i] -= along * basis[before][i];
        }
      }
      double length = Math.sqrt(dot(basis[row], basis[row]));
      for (int i = 0; i < basis.length; i++) {
        basis[row][i] /= length;
      }
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Floats that {@link #apply} reads of a vector, zeros from the dimension on. */
  int stride() {
    return stride;
  }

  /** Writes the rotated vector to {@code out[0 .. size)}; in and out are not the same. */
  void apply(float[] in, float[] out) {
    for (int row = 0; row < size; row += 4) {
      int at = row * stride;
      KERNELS.dot4(
          in,
          0,
          rows,
          at,
          rows,
          at + stride,
          rows,
          at + 2 * stride,
          rows,
          at + 3 * stride,
          stride,
          out,
          row);
    }
  }
}
