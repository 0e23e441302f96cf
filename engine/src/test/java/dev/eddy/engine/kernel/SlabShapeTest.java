package dev.eddy.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class SlabShapeTest {
  @Test
  void itDividesExactly() {
    Random random = new Random(5);
    for (int rowBytes = 1; rowBytes < 3 << 20; rowBytes += 1 + random.nextInt(rowBytes)) {
      SlabShape shape = new SlabShape(rowBytes);
      int rows = shape.rows();
      for (int i = 0; i < 2_000; i++) {
        int multiple = random.nextInt(Integer.MAX_VALUE / rows) * rows;
        isExact(shape, multiple);
        isExact(shape, Math.max(0, multiple - 1));
        isExact(shape, random.nextInt(Integer.MAX_VALUE));
      }
      isExact(shape, Integer.MAX_VALUE);
    }
  }

  private static void isExact(SlabShape shape, int ordinal) {
    assertThat(shape.slabOf(ordinal))
        .as("%d of %d", ordinal, shape.rows())
        .isEqualTo(ordinal / shape.rows());
    assertThat(shape.rowInSlab(ordinal)).isEqualTo(ordinal % shape.rows());
  }

  @Test
  void slabsFillARegionAndAreNoLonger() {
    for (int rowBytes : new int[] {1, 26, 400, 1_088, 6_144, 262_144}) {
      long bytes = (long) new SlabShape(rowBytes).rows() * rowBytes;
      assertThat(bytes)
          .isLessThanOrEqualTo((2 << 20) - 16)
          .isGreaterThan((2 << 20) - 16 - rowBytes);
    }
    assertThat(new SlabShape(5 << 20).rows()).as("a row is whole").isEqualTo(1);
    assertThatThrownBy(() -> new SlabShape(0)).hasMessageContaining("got 0");
  }

  @Test
  void thereAreAsManyAsHoldTheRows() {
    SlabShape shape = new SlabShape(1 << 20);
    assertThat(shape.rows()).isEqualTo(1);
    assertThat(shape.slabsFor(0)).isZero();
    assertThat(shape.slabsFor(3)).isEqualTo(3);
    SlabShape two = new SlabShape(700_000);
    assertThat(two.slabsFor(2)).isEqualTo(1);
    assertThat(two.slabsFor(3)).isEqualTo(2);
  }
}
