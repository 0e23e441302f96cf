package dev.eddy.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The SIMD kernels against the scalar ones, and both against a plain double sum. */
final class KernelsTest {
  /** Above the longest vectors of common models, and a few beyond a power of two. */
  private static final int DIMENSION_MAX = 2_100;

  private static final int ROWS = 4;
  private static final int ROW_AT = 5;
  private static final int QUERY_AT = 3;
  private static final ValueLayout.OfFloat FLOATS =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Kernels simd = new PanamaKernels();
  private final Kernels scalar = new ScalarKernels();

  /** One row's terms, added in doubles. */
  private record Sum(double terms, double absolute) {
    static Sum of(Metric metric, float[] query, float[] row) {
      double terms = 0;
      double absolute = 0;
      for (int i = 0; i < query.length; i++) {
        double q = query[i];
        double x = row[i];
        double term =
            switch (metric) {
              case COSINE, DOT -> q * x;
              case EUCLID -> -(q - x) * (q - x);
              case MANHATTAN -> -Math.abs(q - x);
            };
        terms += term;
        // What a difference is rounded by is relative to it, so it is part of the term.
        absolute += Math.abs(term);
      }
      return new Sum(terms, absolute);
    }

    /**
     * How far a sum in floats may be off: each addition rounds by at most 2^-24 of what the sums so
     * far can be, and a term passes at most as many as one of four lanes has, and a few more.
     */
    double bound(int dimension) {
      return (dimension / 4.0 + 16) * 0x1p-24 * absolute;
    }
  }

  @Test
  void everyKernelAgreesWithADoubleSumAndItsTwinForEveryLength() {
    for (int dimension = 1; dimension <= DIMENSION_MAX; dimension++) {
      Random random = new Random(dimension);
      float[] query = gaussians(random, dimension);
      float[][] rows = new float[ROWS][];
      for (int row = 0; row < ROWS; row++) {
        rows[row] = gaussians(random, dimension);
      }
      for (Metric metric : List.of(Metric.DOT, Metric.EUCLID, Metric.MANHATTAN)) {
        float[] fast = scores(simd, metric, query, rows);
        float[] plain = scores(scalar, metric, query, rows);
        for (int row = 0; row < ROWS; row++) {
          Sum sum = Sum.of(metric, query, rows[row]);
          double bound = sum.bound(dimension);
          String where = "%s dimension %d row %d".formatted(metric, dimension, row);
          assertThat(Math.abs(fast[row] - sum.terms())).as("simd %s", where).isLessThan(bound);
          assertThat(Math.abs(plain[row] - sum.terms())).as("scalar %s", where).isLessThan(bound);
          // They add in another order, so they agree up to rounding only.
          assertThat(Math.abs((double) fast[row] - plain[row]))
              .as("twins %s", where)
              .isLessThan(bound);
        }
      }
    }
  }

  private static float[] gaussians(Random random, int dimension) {
    float[] values = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Of rows on the heap, which those in native memory must equal bit for bit. */
  private static float[] scores(Kernels kernels, Metric metric, float[] query, float[][] given) {
    int dimension = query.length;
    int length = kernels.padded(dimension);
    float[] asked = new float[QUERY_AT + length];
    System.arraycopy(query, 0, asked, QUERY_AT, dimension);
    float[] rows = new float[ROW_AT + ROWS * length];
    for (int row = 0; row < ROWS; row++) {
      System.arraycopy(given[row], 0, rows, ROW_AT + row * length, dimension);
    }
    float[] heap = new float[ROWS + 2];
    float[] foreign = new float[ROWS + 2];
    try (Arena arena = Arena.ofConfined()) {
      // At an odd place, and ending where the memory ends: nothing may be read beyond.
      MemorySegment mapped = arena.allocate(4L * rows.length + 1, 1).asSlice(1);
      MemorySegment.copy(rows, 0, mapped, FLOATS, 0, rows.length);
      score(kernels, metric, asked, rows, mapped, length, heap, foreign);
    }
    assertThat(foreign)
        .as("%s %s dimension %d", kernels.describe(), metric, dimension)
        .isEqualTo(heap);
    assertThat(heap[0]).isZero();
    assertThat(heap[ROWS + 1]).isZero();
    return Arrays.copyOfRange(heap, 1, 1 + ROWS);
  }

  private static void score(
      Kernels kernels,
      Metric metric,
      float[] query,
      float[] rows,
      MemorySegment mapped,
      int length,
      float[] heap,
      float[] foreign) {
    int a = ROW_AT;
    int b = a + length;
    int c = b + length;
    int d = c + length;
    int at = QUERY_AT;
    switch (metric) {
      case COSINE, DOT -> {
        kernels.dot4(query, at, rows, a, rows, b, rows, c, rows, d, length, heap, 1);
        kernels.dot4(query, at, mapped, 4L * a, 4L * b, 4L * c, 4L * d, length, foreign, 1);
      }
      case EUCLID -> {
        kernels.euclid4(query, at, rows, a, rows, b, rows, c, rows, d, length, heap, 1);
        kernels.euclid4(query, at, mapped, 4L * a, 4L * b, 4L * c, 4L * d, length, foreign, 1);
      }
      case MANHATTAN -> {
        kernels.manhattan4(query, at, rows, a, rows, b, rows, c, rows, d, length, heap, 1);
        kernels.manhattan4(query, at, mapped, 4L * a, 4L * b, 4L * c, 4L * d, length, foreign, 1);
      }
    }
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
