package dev.eddy.engine.quantization;

import static dev.eddy.engine.quantization.CodedVectors.scale;
import static dev.eddy.engine.quantization.CodedVectors.similarity;
import static dev.eddy.engine.quantization.CodedVectors.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.engine.kernel.Metric;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Estimates of rows' own codes against exact similarities. */
final class RowQuantizerTest {
  private static final int ROWS = 400;
  private static final Metric[] METRICS = {Metric.COSINE, Metric.DOT, Metric.EUCLID};

  /** Deviation of an estimate, times the root of the dimension, over both lengths. */
  private static double spreadMax(CodeWidth width) {
    return switch (width) {
      case ONE -> 0.95;
      case TWO -> 0.45;
      case FOUR -> 0.16;
      case EIGHT -> 0.06;
    };
  }

  @Test
  void estimatesAreNearAndWithoutBias() {
    QueryCode code = new QueryCode();
    for (int dimension : new int[] {768, 32, 45, 384, 100, 200}) {
      for (Metric metric : METRICS) {
        for (CodeWidth width : CodeWidth.values()) {
          check(metric, dimension, width, code);
        }
      }
    }
  }

  private static void check(Metric metric, int dimension, CodeWidth width, QueryCode code) {
    Random random = new Random(dimension);
    float[][] rows = new float[ROWS][];
    Arrays.setAll(rows, i -> vector(metric, dimension, random));
    HeapCodes codes = new HeapCodes(train(metric, width, rows));
    for (float[] row : rows) {
      codes.append(codes.count(), row);
    }
    int[] ordinals = new int[ROWS];
    Arrays.setAll(ordinals, i -> i);
    float[] estimates = new float[ROWS + 3];
    double bias = 0;
    double squares = 0;
    for (int q = 0; q < 20; q++) {
      float[] query = vector(metric, dimension, random);
      codes.quantizer().prepare(query, 0, code);
      codes.estimate(code, ordinals, 0, ROWS, estimates);
      for (int i = 0; i < ROWS; i++) {
        double error =
            (estimates[i] - similarity(metric, query, rows[i])) / scale(metric, query, rows[i]);
        bias += error;
        squares += error * error;
      }
    }
    String what = "%s of %d dimensions, %s".formatted(metric, dimension, width);
    assertThat(Math.abs(bias / (20 * ROWS))).as("bias, %s", what).isLessThan(0.02);
    assertThat(Math.sqrt(squares / (20 * ROWS)))
        .as("spread, %s", what)
        .isLessThan(spreadMax(width) / Math.sqrt(dimension));
  }

  @Test
  void rowsOfAllLengthsAreCodedAlike() {
    float[][] sample = new float[100][];
    Random random = new Random(4);
    Arrays.setAll(sample, i -> vector(Metric.DOT, 64, random));
    HeapCodes codes = new HeapCodes(train(Metric.DOT, CodeWidth.EIGHT, sample));
    float[] query = vector(Metric.DOT, 64, random);
    QueryCode code = new QueryCode();
    codes.quantizer().prepare(query, 0, code);
    for (float length : new float[] {1e-3f, 1, 1e6f}) {
      float[] row = vector(Metric.DOT, 64, random);
      for (int i = 0; i < row.length; i++) {
        row[i] *= length;
      }
      codes.append(codes.count(), row);
      float[] estimate = new float[4];
      codes.estimate(code, new int[] {codes.count() - 1}, 0, 1, estimate);
      assertThat((double) estimate[0])
          .isCloseTo(similarity(Metric.DOT, query, row), Offset.offset(1.0 + 64 * 0.05 * length));
    }
  }

  @Test
  void zerosAndTheMeanItselfAreCoded() {
    float[][] rows = new float[8][32];
    for (float[] row : rows) {
      Arrays.fill(row, 0.25f);
    }
    for (CodeWidth width : CodeWidth.values()) {
      HeapCodes codes = new HeapCodes(train(Metric.DOT, width, rows));
      codes.append(codes.count(), rows[0]);
      codes.append(codes.count(), new float[32]);
      QueryCode code = new QueryCode();
      float[] query = new float[32];
      float[] estimates = new float[5];
      codes.quantizer().prepare(query, 0, code);
      codes.estimate(code, new int[] {0, 1}, 0, 2, estimates);
      assertThat(estimates[0]).isZero();
      Arrays.fill(query, 1);
      codes.quantizer().prepare(query, 0, code);
      codes.estimate(code, new int[] {0, 1}, 0, 2, estimates);
      assertThat(estimates[0]).isCloseTo(8f, Offset.offset(1e-3f));
      assertThat(estimates[1]).isFinite();
    }
  }

  @Test
  void aRowHasOneEstimateWhereverItIsMet() {
    Random random = new Random(11);
    float[][] rows = new float[5_000][];
    Arrays.setAll(rows, i -> vector(Metric.EUCLID, 40, random));
    HeapCodes codes = new HeapCodes(train(Metric.EUCLID, CodeWidth.FOUR, rows));
    for (float[] row : rows) {
      codes.append(codes.count(), row);
    }
    QueryCode code = new QueryCode();
    codes.quantizer().prepare(rows[7], 0, code);
    int[] all = new int[rows.length];
    Arrays.setAll(all, i -> rows.length - 1 - i);
    float[] together = new float[rows.length + 3];
    codes.estimate(code, all, 0, rows.length, together);
    float[] alone = new float[4];
    for (int i = 0; i < rows.length; i += 37) {
      codes.estimate(code, all, i, 1, new float[rows.length + 3]);
      codes.estimate(code, new int[] {all[i]}, 0, 1, alone);
      assertThat(alone[0]).isEqualTo(together[i]);
    }
    assertThat(codes.heapBytes()).isGreaterThanOrEqualTo(5_000L * codes.quantizer().codeBytes());
  }

  @Test
  void codesAreAsLongAsTheirBitsSay() {
    assertThat(bytes(768, CodeWidth.ONE)).isEqualTo(96 + 4);
    assertThat(bytes(768, CodeWidth.TWO)).isEqualTo(192 + 4);
    assertThat(bytes(768, CodeWidth.FOUR)).isEqualTo(384 + 4);
    assertThat(bytes(768, CodeWidth.EIGHT)).isEqualTo(768 + 4);
    assertThat(bytes(100, CodeWidth.FOUR)).isEqualTo(64 + 4);
  }

  private static int bytes(int dimension, CodeWidth width) {
    return train(Metric.DOT, width, new float[1][dimension]).codeBytes();
  }

  @Test
  void aRowOutOfTurnIsRefused() {
    HeapCodes codes = new HeapCodes(train(Metric.DOT, CodeWidth.FOUR, new float[1][32]));
    codes.append(0, new float[32]);
    assertThatThrownBy(() -> codes.append(0, new float[32]))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> codes.append(2, new float[32]))
        .isInstanceOf(IllegalStateException.class);
    assertThat(codes.count()).isEqualTo(1);
  }

  private static RowQuantizer train(Metric metric, CodeWidth width, float[][] rows) {
    RowQuantizer.Sample sample =
        new RowQuantizer.Sample() {
          @Override
          public int size() {
            return rows.length;
          }

          @Override
          public void copy(int index, float[] out) {
            System.arraycopy(rows[index], 0, out, 0, out.length);
          }
        };
    return RowQuantizer.train(metric, rows[0].length, width, sample);
  }
}
