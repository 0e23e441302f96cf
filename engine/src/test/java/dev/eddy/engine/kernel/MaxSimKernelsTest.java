package dev.eddy.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The SIMD kernels against the scalar ones, and both against plain double sums. */
final class MaxSimKernelsTest {
  /** Above the longest vectors of common models, and a few beyond a power of two. */
  private static final int DIMENSION_MAX = 2_100;

  private static final int ROWS_MAX = 9;
  private static final int ROW_AT = 5;

  /** Rows of a query: some groups of any machine. */
  private static final int QUERY_ROWS = 40;

  private final MaxSimKernels simd = new PanamaMaxSimKernels();
  private final MaxSimKernels scalar = new ScalarMaxSimKernels();

  /** Of vectors of 256 bits and more; else the former again. */
  private final MaxSimKernels ofShort = KernelSelector.maxSimKernels(Metric.DOT, 1, 1);

  /** The highest sum of terms, added in doubles, and how far a sum in floats may be off. */
  private record Highest(double similarity, double bound) {
    static Highest of(Metric metric, float[] query, float[][] rows) {
      double highest = Double.NEGATIVE_INFINITY;
      double bound = 0;
      for (float[] row : rows) {
        double sum = 0;
        double absolute = 0;
        for (int i = 0; i < query.length; i++) {
          double difference = (double) query[i] - row[i];
          double term =
              switch (metric) {
                case COSINE, DOT -> (double) query[i] * row[i];
                case EUCLID -> -difference * difference;
                case MANHATTAN -> -Math.abs(difference);
              };
          sum += term;
          // What a difference is rounded by is relative to it, so it is part of the term.
          absolute += Math.abs(term);
        }
        highest = Math.max(highest, sum);
        // A term passes as many additions as there are, each rounding by at most 2^-24.
        bound = Math.max(bound, (query.length + 4) * 0x1p-24 * absolute);
      }
      return new Highest(highest, bound);
    }
  }

  @Test
  void everyKernelAgreesWithDoubleSumsAndItsTwinForEveryLength() {
    for (int dimension = 1; dimension <= DIMENSION_MAX; dimension++) {
      Random random = new Random(dimension);
      int queryRows = 1 + random.nextInt(dimension < 200 ? QUERY_ROWS : 2);
      float[][] query = gaussians(random, queryRows, dimension);
      float[][] rows = gaussians(random, 1 + random.nextInt(ROWS_MAX), dimension);
      for (Metric metric : List.of(Metric.DOT, Metric.EUCLID, Metric.MANHATTAN)) {
        float[] plain = best(scalar, metric, query, rows);
        for (MaxSimKernels kernels : of(metric)) {
          float[] fast = best(kernels, metric, query, rows);
          for (int row = 0; row < queryRows; row++) {
            Highest highest = Highest.of(metric, query[row], rows);
            String where =
                "%s %s dimension %d row %d".formatted(kernels.describe(), metric, dimension, row);
            assertThat(Math.abs(fast[row] - highest.similarity()))
                .as("simd %s", where)
                .isLessThan(highest.bound());
            assertThat(Math.abs(plain[row] - highest.similarity()))
                .as("scalar %s", where)
                .isLessThan(highest.bound());
            // They add in another order, so they agree up to rounding only.
            assertThat(Math.abs((double) fast[row] - plain[row]))
                .as("twins %s", where)
                .isLessThan(highest.bound());
          }
        }
      }
    }
  }

  /** Those that compare by it. */
  private List<MaxSimKernels> of(Metric metric) {
    return metric == Metric.DOT ? List.of(simd, ofShort) : List.of(simd);
  }

  private static float[][] gaussians(Random random, int rows, int dimension) {
    float[][] values = new float[rows][dimension];
    for (float[] row : values) {
      for (int i = 0; i < dimension; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return values;
  }

  /** For each row of the query; the rows end where their array ends. */
  private static float[] best(
      MaxSimKernels kernels, Metric metric, float[][] query, float[][] given) {
    int dimension = query[0].length;
    int length = kernels.length(dimension);
    float[] rows = new float[ROW_AT + given.length * length];
    for (int row = 0; row < given.length; row++) {
      System.arraycopy(given[row], 0, rows, ROW_AT + row * length, dimension);
    }
    float[] turned = kernels.turned(query, dimension);
    int groups = kernels.groups(query.length);
    float[] best = new float[groups * kernels.groupRows()];
    int count = given.length;
    kernels.compare(metric, turned, groups, rows, ROW_AT, length, count, length, best);
    return Arrays.copyOf(best, query.length);
  }

  @Test
  void twoRowsSimilarityDoesNotDependOnTheOthers() {
    Random random = new Random(7);
    float[][] query = gaussians(random, QUERY_ROWS, 101);
    float[][] rows = gaussians(random, ROWS_MAX, 101);
    for (Metric metric : List.of(Metric.DOT, Metric.EUCLID, Metric.MANHATTAN)) {
      for (MaxSimKernels kernels : of(metric)) {
        float[] together = best(kernels, metric, query, rows);
        float[] turnedRound = best(kernels, metric, query, reversed(rows));
        assertThat(turnedRound).as(kernels.describe()).containsExactly(together);
        for (int row = 0; row < QUERY_ROWS; row++) {
          float highest = Float.NEGATIVE_INFINITY;
          for (float[] one : rows) {
            highest = Math.max(highest, best(kernels, metric, query, new float[][] {one})[row]);
          }
          assertThat(highest)
              .as("%s %s row %d", kernels.describe(), metric, row)
              .isEqualTo(together[row]);
        }
      }
    }
  }

  private static float[][] reversed(float[][] rows) {
    float[][] reversed = new float[rows.length][];
    Arrays.setAll(reversed, row -> rows[rows.length - 1 - row]);
    return reversed;
  }

  @Test
  void theSelectorPrefersSimdWhereTheModuleIsPresent() {
    assertThat(KernelSelector.maxSimKernels(Metric.DOT, 8, 100).describe()).startsWith("simd-");
    assertThat(KernelSelector.maxSimKernels(Metric.DOT, 2, 100).describe()).startsWith("simd-");
  }

  @Test
  void fewRowsOfAQueryAreComparedAlongTheLanesTheMoreTheLongerTheyAre() {
    assertThat(MaxSimKernels.isShort(Metric.DOT, 1, 1)).isTrue();
    assertThat(MaxSimKernels.isShort(Metric.COSINE, 2, 8)).isTrue();
    assertThat(MaxSimKernels.isShort(Metric.DOT, 3, 64)).isFalse();
    assertThat(MaxSimKernels.isShort(Metric.DOT, 4, 100)).isTrue();
    assertThat(MaxSimKernels.isShort(Metric.DOT, 5, 100)).isFalse();
    assertThat(MaxSimKernels.isShort(Metric.DOT, 6, 192)).isTrue();
    assertThat(MaxSimKernels.isShort(Metric.DOT, 7, 1_024)).isFalse();
    // There are no such kernels of differences.
    assertThat(MaxSimKernels.isShort(Metric.EUCLID, 2, 100)).isFalse();
    assertThat(MaxSimKernels.isShort(Metric.MANHATTAN, 2, 100)).isFalse();
  }
}
