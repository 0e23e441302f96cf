package dev.eddy.engine.quantization;

import static dev.eddy.engine.quantization.CodedVectors.vector;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.kernel.Metric;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Estimates from sketches against exact similarities. */
final class RowSketchesTest {
  private static final int ROWS = 1_000;

  /** As of the codes in blocks, with a little for the query's four bits. */
  private static final double SPREAD_MAX = 0.6;

  @Test
  void estimatesAreNearAndWithoutBias() {
    for (int dimension : new int[] {8, 13, 32, 64, 65, 100, 128, 200, 256}) {
      for (Metric metric : new Metric[] {Metric.COSINE, Metric.DOT, Metric.EUCLID}) {
        check(metric, dimension);
      }
    }
  }

  private static void check(Metric metric, int dimension) {
    Random random = new Random(dimension);
    float[][] rows = new float[ROWS][];
    Arrays.setAll(rows, i -> vector(metric, dimension, random));
    RowCodes codes = new RowCodes(PairTraining.train(metric, dimension, rows));
    for (float[] row : rows) {
      codes.append(row);
    }
    QueryTables tables = new QueryTables();
    int[] ordinals = new int[100];
    float[] estimates = new float[ordinals.length];
    double bias = 0;
    double squares = 0;
    int count = 0;
    for (int q = 0; q < 30; q++) {
      float[] query = vector(metric, dimension, random);
      codes.prepareWithSketch(query, 0, tables);
      Arrays.setAll(ordinals, i -> random.nextInt(ROWS));
      codes.sketches().estimate(tables, ordinals, 0, ordinals.length, estimates);
      for (int i = 0; i < ordinals.length; i++) {
        float[] row = rows[ordinals[i]];
        double error = (estimates[i] - similarity(metric, query, row)) / scale(metric, query, row);
        bias += error;
        squares += error * error;
        count++;
      }
    }
    String what = metric + " of " + dimension + " dimensions";
    // The rounding of a query shifts all of its estimates together: a few queries do not average
    // out.
    assertThat(Math.abs(bias / count)).as("bias, %s", what).isLessThan(0.1 / Math.sqrt(dimension));
    assertThat(Math.sqrt(squares / count))
        .as("spread, %s", what)
        .isLessThan(SPREAD_MAX / Math.sqrt(dimension));
  }

  /** What an estimate may be wrong by is a part of this. */
  private static double scale(Metric metric, float[] query, float[] row) {
    double lengths = Math.sqrt(dot(query, query) * dot(row, row));
    return metric == Metric.EUCLID ? 2 * lengths : lengths;
  }

  private static double similarity(Metric metric, float[] a, float[] b) {
    return metric == Metric.EUCLID ? 2 * dot(a, b) - dot(a, a) - dot(b, b) : dot(a, b);
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  @Test
  void equalRowsAndQueriesOfZerosAreNoTrouble() {
    float[][] rows = new float[100][16];
    Arrays.setAll(rows, i -> i < 50 ? new float[16] : vector(Metric.DOT, 16, new Random(i)));
    RowCodes codes = new RowCodes(PairTraining.train(Metric.DOT, 16, rows));
    for (float[] row : rows) {
      codes.append(row);
    }
    QueryTables tables = new QueryTables();
    codes.prepareWithSketch(new float[16], 0, tables);
    float[] estimates = new float[2];
    codes.sketches().estimate(tables, new int[] {0, 99}, 0, 2, estimates);
    assertThat(estimates).containsExactly(0f, 0f);
  }
}
