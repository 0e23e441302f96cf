package dev.eddy.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The SIMD kernels for sketches against the scalar ones, and these against their definition. */
final class SketchKernelsTest {
  private static final int SLAB_SHIFT = 3;
  private static final int ROWS = 100;
  private static final int PLANES = SketchKernels.PLANES;

  private final SketchKernels simd = new PanamaSketchKernels();
  private final SketchKernels scalar = new ScalarSketchKernels();

  private static int level(long[] slab, SketchKernels.Layout layout, int row, int number) {
    int at = layout.at(row) + (number >>> 6);
    long upper = slab[at] >>> number & 1;
    long lower = slab[at + layout.words()] >>> number & 1;
    return (int) (2 * upper + lower);
  }

  private static int asked(long[] planes, int number) {
    int value = 0;
    for (int plane = 0; plane < PLANES; plane++) {
      value |= (int) (planes[PLANES * (number >>> 6) + plane] >>> number & 1) << plane;
    }
    return value;
  }

  private static int product(long[][] slabs, SketchKernels.Layout layout, int row, long[] planes) {
    int sum = 0;
    for (int number = 0; number < layout.words() * Long.SIZE; number++) {
      sum += level(slabs[row >>> SLAB_SHIFT], layout, row, number) * asked(planes, number);
    }
    return sum;
  }

  private void check(long[][] slabs, SketchKernels.Layout layout, int[] rows, long[] planes) {
    for (int count = 0; count < rows.length; count = 1 + count * 3 / 2) {
      int from = rows.length - count;
      int[] expected = new int[count + 1];
      expected[count] = -5;
      int[] bySimd = expected.clone();
      int[] byScalar = expected.clone();
      for (int i = 0; i < count; i++) {
        expected[i] = product(slabs, layout, rows[from + i], planes);
      }
      simd.products(slabs, layout, rows, from, count, planes, bySimd);
      scalar.products(slabs, layout, rows, from, count, planes, byScalar);
      assertThat(bySimd).as("%s, %d rows", layout, count).isEqualTo(expected);
      assertThat(byScalar).as("%s, %d rows", layout, count).isEqualTo(expected);
    }
  }

  @Test
  void productsAreEqualForEveryLength() {
    for (int words = 1; words <= 33; words++) {
      for (int behind = 1; behind <= 2; behind++) {
        Random random = new Random(words);
        var layout = new SketchKernels.Layout(words, 2 * words + behind, SLAB_SHIFT);
        long[][] slabs = new long[ROWS >>> SLAB_SHIFT][];
        Arrays.setAll(slabs, i -> random.longs((long) layout.stride() << SLAB_SHIFT).toArray());
        int rows = slabs.length << SLAB_SHIFT;
        check(
            slabs,
            layout,
            random.ints(70, 0, rows).toArray(),
            random.longs((long) PLANES * words).toArray());
      }
    }
  }

  @Test
  void nothingOverflowsWhenAllIsAtItsLargest() {
    for (int words = 1; words <= 33; words++) {
      var layout = new SketchKernels.Layout(words, 2 * words + 1, SLAB_SHIFT);
      long[] slab = new long[layout.stride() << SLAB_SHIFT];
      long[] planes = new long[PLANES * words];
      Arrays.fill(slab, -1);
      Arrays.fill(planes, -1);
      check(new long[][] {slab}, layout, new int[] {7, 0, 3, 3, 5}, planes);
    }
  }
}
