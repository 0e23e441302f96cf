package dev.eddy.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.kernel.ElementType;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.kernel.SlabShape;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class HeapRowsTest {
  private static final int DIMENSION = 300;

  private final Random random = new Random(9);

  private float[] vector() {
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = random.nextInt(256); // Exact in every type.
    }
    return vector;
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void rowsAreWholeOnBothSidesOfSlabs(ElementType type) {
    HeapRows rows = HeapRows.of(Metric.DOT, DIMENSION, type);
    int slab = new SlabShape(rows.rowBytes()).rows();
    assertThat(rows.rowBytes()).isEqualTo(rows.stride() * type.bytes());
    int count = 2 * slab + 2;
    float[][] written = new float[count][];
    for (int i = 0; i < count; i++) {
      written[i] = vector();
      rows.append(written[i]);
    }
    float[] read = new float[DIMENSION];
    for (int i = 0; i < count; i++) {
      rows.copy(i, read);
      assertThat(read).as("row %d", i).isEqualTo(written[i]);
    }
    float[] apart = new float[4 * (DIMENSION + 1)];
    rows.copy(slab - 2, 4, apart, DIMENSION + 1);
    for (int i = 0; i < 4; i++) {
      int from = i * (DIMENSION + 1);
      assertThat(Arrays.copyOfRange(apart, from, from + DIMENSION))
          .isEqualTo(written[slab - 2 + i]);
      assertThat(apart[from + DIMENSION]).isZero();
    }
    float[] query = new float[rows.stride()];
    query[DIMENSION - 1] = 1;
    int[] around = {slab - 1, slab, 2 * slab - 1, 2 * slab, 0};
    float[] scores = new float[around.length + 3];
    rows.score(query, 0, around, 0, around.length, scores);
    for (int i = 0; i < around.length; i++) {
      assertThat(scores[i]).isEqualTo(written[around[i]][DIMENSION - 1]);
    }
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void aFirstSlabHoldsLittleMoreThanItsRows(ElementType type) {
    HeapRows rows = HeapRows.of(Metric.DOT, DIMENSION, type);
    int full = new SlabShape(rows.rowBytes()).rows();
    for (int count = 1; count <= full; count++) {
      rows.append(vector());
      long needed = (long) count * rows.rowBytes();
      assertThat(rows.heapBytes())
          .as("%d rows", count)
          .isBetween(needed, Math.max(needed + needed / 4, needed + 16L * rows.rowBytes()));
    }
    assertThat(rows.heapBytes()).isEqualTo((long) full * rows.rowBytes());
  }
}
