package dev.eddy.engine.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rows of two words at each level, four longs, are one vector, whose common bits with each plane of
 * the query are counted at once. Others are left to the scalar twin.
 */
final class PanamaSketchKernels implements SketchKernels {
  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_256;
  private static final int WORDS = LONGS.length() / 2;

  /** The upper bits of a row count twice. */
  private static final LongVector LEVELS = LongVector.fromArray(LONGS, new long[] {1, 1, 0, 0}, 0);

  private final SketchKernels others = new ScalarSketchKernels();

  PanamaSketchKernels() {
    if (FloatVector.SPECIES_PREFERRED.vectorBitSize() < LONGS.vectorBitSize()) {
      throw new UnsupportedOperationException(
          "vectors of %d bits are too short"
              .formatted(FloatVector.SPECIES_PREFERRED.vectorBitSize()));
    }
  }

  @Override
  public void products(
      long[][] slabs, Layout layout, int[] rows, int from, int count, long[] planes, int[] out) {
    if (layout.words() == WORDS) {
      products2(slabs, layout, rows, from, count, planes, out);
    } else {
      others.products(slabs, layout, rows, from, count, planes, out);
    }
  }

  private static void products2(
      long[][] slabs, Layout layout, int[] rows, int from, int count, long[] planes, int[] out) {
    LongVector first = plane(planes, 0);
    LongVector second = plane(planes, 1);
    LongVector third = plane(planes, 2);
    LongVector fourth = plane(planes, 3);
    for (int i = 0; i < count; i++) {
      int row = rows[from + i];
      LongVector bits =
          LongVector.fromArray(LONGS, slabs[row >>> layout.slabShift()], layout.at(row));
      LongVector low = common(bits, first).add(twice(common(bits, second)));
      LongVector high = common(bits, third).add(twice(common(bits, fourth)));
      LongVector sums = low.add(high.lanewise(VectorOperators.LSHL, 2));
      out[i] = (int) sums.lanewise(VectorOperators.LSHL, LEVELS).reduceLanes(VectorOperators.ADD);
    }
  }

  private static LongVector plane(long[] planes, int plane) {
    long even = planes[plane];
    long odd = planes[PLANES + plane];
    return LongVector.fromArray(LONGS, new long[] {even, odd, even, odd}, 0);
  }

  private static LongVector common(LongVector bits, LongVector plane) {
    return bits.and(plane).lanewise(VectorOperators.BIT_COUNT);
  }

  private static LongVector twice(LongVector counts) {
    return counts.add(counts);
  }
}
