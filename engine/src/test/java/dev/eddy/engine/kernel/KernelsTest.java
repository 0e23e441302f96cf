package dev.eddy.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The SIMD kernels against the scalar ones, which are against a plain double sum. */
final class KernelsTest {
  /**
   * Sums of n products differ by their order; relative to the sum of absolute terms this bound is
   * generous.
   */
  private static final double TOLERANCE = 1e-5;

  private final Kernels simd = new PanamaKernels();
  private final Kernels scalar = new ScalarKernels();

  @Test
  void everyKernelAgreesWithADoubleSumForEveryLength() {
    for (int dimension = 1; dimension <= 260; dimension++) {
      check(simd, dimension);
      check(scalar, dimension);
    }
    check(simd, 1536);
    check(scalar, 1536);
  }

  private static void check(Kernels kernels, int dimension) {
    Random random = new Random(dimension);
    int length = kernels.padded(dimension);
    int queryAt = 3;
    float[] query = new float[queryAt + length];
    float[] rows = new float[5 + 4 * length];
    for (int i = 0; i < dimension; i++) {
      query[queryAt + i] = (float) random.nextGaussian();
      for (int row = 0; row < 4; row++) {
        rows[5 + row * length + i] = (float) random.nextGaussian();
      }
    }
    MemorySegment mapped = MemorySegment.ofArray(new byte[rows.length * Float.BYTES]);
    ValueLayout.OfFloat layout =
        ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < rows.length; i++) {
      mapped.set(layout, (long) i * Float.BYTES, rows[i]);
    }
    int a = 5;
    int b = a + length;
    int c = b + length;
    int d = c + length;
    for (Metric metric : Metric.values()) {
      float[] heap = new float[6];
      float[] foreign = new float[6];
      switch (metric) {
        case COSINE, DOT -> {
          kernels.dot4(query, queryAt, rows, a, rows, b, rows, c, rows, d, length, heap, 1);
          kernels.dot4(query, queryAt, mapped, 4L * a, 4L * b, 4L * c, 4L * d, length, foreign, 1);
        }
        case EUCLID -> {
          kernels.euclid4(query, queryAt, rows, a, rows, b, rows, c, rows, d, length, heap, 1);
          kernels.euclid4(
              query, queryAt, mapped, 4L * a, 4L * b, 4L * c, 4L * d, length, foreign, 1);
        }
        case MANHATTAN -> {
          kernels.manhattan4(query, queryAt, rows, a, rows, b, rows, c, rows, d, length, heap, 1);
          kernels.manhattan4(
              query, queryAt, mapped, 4L * a, 4L * b, 4L * c, 4L * d, length, foreign, 1);
        }
      }
      assertThat(foreign)
          .as("%s %s dimension %d", kernels.describe(), metric, dimension)
          .isEqualTo(heap);
      for (int row = 0; row < 4; row++) {
        double expected = expected(metric, query, queryAt, rows, a + row * length, dimension);
        assertThat((double) heap[1 + row])
            .as("%s %s dimension %d row %d", kernels.describe(), metric, dimension, row)
            .isCloseTo(expected, org.assertj.core.data.Offset.offset(TOLERANCE * 4 * dimension));
      }
      assertThat(heap[0]).isZero();
      assertThat(heap[5]).isZero();
    }
  }

  private static double expected(
      Metric metric, float[] query, int queryAt, float[] rows, int rowAt, int dimension) {
    double sum = 0;
    for (int i = 0; i < dimension; i++) {
      double q = query[queryAt + i];
      double x = rows[rowAt + i];
      sum +=
          switch (metric) {
            case COSINE, DOT -> q * x;
            case EUCLID -> -(q - x) * (q - x);
            case MANHATTAN -> -Math.abs(q - x);
          };
    }
    return sum;
  }

  @Test
  void aRowsScoreDoesNotDependOnItsPlaceAmongTheFour() {
    int length = simd.padded(100);
    Random random = new Random(7);
    float[] query = new float[length];
    float[] rows = new float[4 * length];
    for (int i = 0; i < 100; i++) {
      query[i] = random.nextFloat();
      for (int row = 0; row < 4; row++) {
        rows[row * length + i] = random.nextFloat();
      }
    }
    float[] first = new float[4];
    float[] turned = new float[4];
    simd.dot4(
        query, 0, rows, 0, rows, length, rows, 2 * length, rows, 3 * length, length, first, 0);
    simd.dot4(query, 0, rows, 3 * length, rows, 0, rows, 0, rows, length, length, turned, 0);
    assertThat(turned).containsExactly(first[3], first[0], first[0], first[1]);
  }

  @Test
  void theSelectorPrefersSimdWhereTheModuleIsPresent() {
    assertThat(KernelSelector.kernels().describe()).startsWith("simd-");
  }

  @Test
  void normalisingMakesUnitLengthAndLeavesZerosAlone() {
    float[] vector = {3, 4};
    Normalizer.normalize(vector);
    assertThat(vector).containsExactly(0.6f, 0.8f);
    float[] zeros = {0, 0, 0};
    Normalizer.normalize(zeros);
    assertThat(zeros).containsExactly(0, 0, 0);
  }

  @Test
  void scoresAndSimilaritiesConvertBothWays() {
    assertThat(Metric.EUCLID.toScore(-9f)).isEqualTo(3f);
    assertThat(Metric.EUCLID.toInternal(3f)).isEqualTo(-9f);
    assertThat(Metric.MANHATTAN.toScore(-2f)).isEqualTo(2f);
    assertThat(Metric.COSINE.toScore(.5f)).isEqualTo(.5f);
    for (Metric metric : Metric.values()) {
      assertThat(Metric.ofCode(metric.code())).isEqualTo(metric);
    }
  }
}
