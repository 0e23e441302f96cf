package dev.eddy.engine.quantization;

import static dev.eddy.engine.quantization.CodedVectors.scale;
import static dev.eddy.engine.quantization.CodedVectors.similarity;
import static dev.eddy.engine.quantization.CodedVectors.vector;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.kernel.CodeKernels;
import dev.eddy.engine.kernel.Metric;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Estimates against exact similarities. */
final class PairQuantizerTest {
  private static final int ROWS = 1_000;

  /**
   * Two bits a dimension keep a vector's direction to about a third of its length; the error of a
   * product is that over the square root of the dimension.
   */
  private static final double SPREAD_MAX = 0.5;

  @Test
  void estimatesAreNearAndWithoutBias() {
    for (int dimension : new int[] {8, 13, 32, 100, 200, 256}) {
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
    float[] estimates = new float[CodeKernels.SLOTS];
    double bias = 0;
    double squares = 0;
    int count = 0;
    for (int q = 0; q < 20; q++) {
      float[] query = vector(metric, dimension, random);
      codes.quantizer().prepare(query, 0, tables);
      for (int block = 0; block + 32 <= ROWS; block += 32) {
        int above =
            tables.estimate(
                codes.slabOf(block), codes.blockAt(block), codes.layout(), 0.1f, estimates);
        for (int i = 0; i < 32; i++) {
          float[] row = rows[block + i];
          double error =
              (estimates[i] - similarity(metric, query, row)) / scale(metric, query, row);
          bias += error;
          squares += error * error;
          count++;
          assertThat((above >>> i & 1) == 1).isEqualTo(estimates[i] > 0.1f);
        }
      }
    }
    String what = metric + " of " + dimension + " dimensions";
    assertThat(Math.abs(bias / count)).as("bias, %s", what).isLessThan(0.05 / Math.sqrt(dimension));
    assertThat(Math.sqrt(squares / count))
        .as("spread, %s", what)
        .isLessThan(SPREAD_MAX / Math.sqrt(dimension));
  }

  @Test
  void aVectorOfZerosAndTheMeanItselfAreCoded() {
    float[][] rows = new float[64][16];
    for (int i = 0; i < rows.length; i++) {
      Arrays.fill(rows[i], 0.25f);
    }
    RowCodes codes = new RowCodes(PairTraining.train(Metric.DOT, 16, rows));
    codes.append(rows[0]);
    codes.append(new float[16]);
    QueryTables tables = new QueryTables();
    float[] query = new float[16];
    Arrays.fill(query, 1);
    float[] estimates = new float[CodeKernels.SLOTS];
    codes.quantizer().prepare(query, 0, tables);
    tables.estimate(codes.slabOf(0), codes.blockAt(0), codes.layout(), 0, estimates);
    assertThat(estimates[0]).isCloseTo(4f, org.assertj.core.data.Offset.offset(1e-3f));
    assertThat(estimates[1]).isFinite();
  }

  @Test
  void aCopiedSlotEstimatesAsItsSource() {
    Random random = new Random(9);
    float[][] rows = new float[64][];
    Arrays.setAll(rows, i -> vector(Metric.EUCLID, 24, random));
    RowCodes codes = new RowCodes(PairTraining.train(Metric.EUCLID, 24, rows));
    for (float[] row : rows) {
      codes.append(row);
    }
    CodeLayout layout = codes.layout().withIds(true);
    byte[] block = new byte[layout.blockBytes()];
    for (int slot = 0; slot < 32; slot++) {
      int row = 63 - slot;
      CodeBlock.copy(
          codes.slabOf(row),
          codes.blockAt(row),
          codes.layout(),
          RowCodes.slotOf(row),
          block,
          0,
          layout,
          slot);
      CodeBlock.setId(block, 0, slot, row);
    }
    QueryTables tables = new QueryTables();
    float[] copied = new float[CodeKernels.SLOTS];
    float[] original = new float[CodeKernels.SLOTS];
    codes.quantizer().prepare(rows[5], 0, tables);
    tables.estimate(block, 0, layout, 0, copied);
    tables.estimate(codes.slabOf(32), codes.blockAt(32), codes.layout(), 0, original);
    for (int slot = 0; slot < 32; slot++) {
      assertThat(copied[slot]).isEqualTo(original[31 - slot]);
      assertThat(CodeBlock.id(block, 0, slot)).isEqualTo(63 - slot);
    }
  }
}
