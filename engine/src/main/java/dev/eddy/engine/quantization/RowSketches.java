package dev.eddy.engine.quantization;

import dev.eddy.engine.kernel.KernelSelector;
import dev.eddy.engine.kernel.SketchKernels;
import java.util.Arrays;

/**
 * Rows in two bits a dimension, each row by itself and in little more than half a cache line per
 * 100 dimensions, for those who want estimates of rows here and there: the codes of {@link
 * RowCodes} lie in blocks of 32, of which one row costs as much as all.
 *
 * <p>Each number of the centred and rotated row is rounded to one of four levels whose distance is
 * the row's own (after Gao et al. 2024, "RaBitQ", with the bits of a level in separate words). A
 * product with a query whose numbers have four bits is then a sum of counts of common bits. A row
 * is
 *
 * <pre>
 *   words * int64   the upper bits of the levels, number i in bit i
 *   words * int64   the lower bits
 *   int64           the factor, a float32, in the upper half; the sum of the levels in the lower
 *   int64           EUCLID only: the base, a float32, in the upper half
 * </pre>
 *
 * <p>Threading: one appending thread at a time, which hands over with a happens-before edge; any
 * number of readers of rows that were appended before they were told of these rows.
 */
public final class RowSketches {
  /** The distance of two levels that loses least of a normal distribution of deviation 1. */
  private static final float LEVEL_STEP = 0.9957f;

  private static final int LEVEL_MAX = 3;
  private static final float LEVEL_MIDDLE = LEVEL_MAX / 2f;

  private static final SketchKernels KERNELS = KernelSelector.sketchKernels();
  private static final int SLAB_SHIFT = 11;

  private final boolean hasBases;
  private final SketchKernels.Layout layout;
  private volatile long[][] slabs = new long[0][];
  private int count;

  /**
   * Without rows.
   *
   * @param numbers numbers of a rotated row
   */
  RowSketches(int numbers, boolean hasBases) {
    int words = words(numbers);
    this.hasBases = hasBases;
    this.layout = new SketchKernels.Layout(words, stride(words, hasBases), SLAB_SHIFT);
  }

  /**
   * Appends a row.
   *
   * @param rotated the row less the mean, rotated
   * @param squares squared length of the row less the mean
   */
  void append(float[] rotated, float squares) {
    long[] slab = slabForNext();
    int at = layout.at(count);
    int words = layout.words();
    double deviation = Math.sqrt(squares / rotated.length);
    float perStep = deviation > 0 ? (float) (1 / (deviation * LEVEL_STEP)) : 0;
    float along = 0;
    int sum = 0;
    for (int i = 0; i < rotated.length; i++) {
      float place = rotated[i] * perStep + LEVEL_MIDDLE + 0.5f;
      int level = Math.clamp((int) Math.floor(place), 0, LEVEL_MAX);
      slab[at + (i >>> 6)] |= (long) (level >>> 1) << i;
      slab[at + words + (i >>> 6)] |= (long) (level & 1) << i;
      along += rotated[i] * (level - LEVEL_MIDDLE);
      sum += level;
    }
    float factor = along > 0 ? squares / along : 0;
    slab[at + 2 * words] = upper(hasBases ? 2 * factor : factor) | sum;
    if (hasBases) {
      slab[at + 2 * words + 1] = upper(-squares);
    }
    count++;
  }

  private long[] slabForNext() {
    long[][] current = slabs;
    int index = count >>> SLAB_SHIFT;
    if (index == current.length) {
      current = Arrays.copyOf(current, index + 1);
      current[index] = new long[layout.stride() << SLAB_SHIFT];
      slabs = current;
    }
    return current[index];
  }

  private static long upper(float value) {
    return (long) Float.floatToRawIntBits(value) << 32;
  }

  private static float upper(long word) {
    return Float.intBitsToFloat((int) (word >>> 32));
  }

  /**
   * Estimated similarities of the rows {@code ordinals[from .. from + count)}, written to {@code
   * out[from .. from + count)}. Their memory is touched first, so that the misses overlap: fifty or
   * so at once are best.
   *
   * @param tables prepared for the query, with its sketch
   */
  public void estimate(QueryTables tables, int[] ordinals, int from, int count, float[] out) {
    long[][] all = slabs;
    int end = from + count;
    int words = layout.words();
    long sum = 0;
    for (int i = from; i < end; i++) {
      long[] slab = all[ordinals[i] >>> SLAB_SHIFT];
      int at = layout.at(ordinals[i]);
      sum += slab[at] + slab[at + layout.stride() - 1];
    }
    tables.touched = sum;
    int[] products = tables.sketchProducts(count);
    KERNELS.products(all, layout, ordinals, from, count, tables.planes, products);
    for (int i = from; i < end; i++) {
      long[] slab = all[ordinals[i] >>> SLAB_SHIFT];
      int at = layout.at(ordinals[i]);
      long last = slab[at + 2 * words];
      float centred =
          tables.planeStep * products[i - from] + tables.planeLow * (int) last - tables.planeMiddle;
      float base = hasBases ? upper(slab[at + 2 * words + 1]) : 0;
      out[i] = tables.bias + base + upper(last) * centred;
    }
  }

  /** Makes the prepared tables of a query fit for {@link #estimate}. */
  void prepare(QueryTables tables) {
    float[] rotated = tables.rotated;
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    float sum = 0;
    for (float number : rotated) {
      least = Math.min(least, number);
      most = Math.max(most, number);
      sum += number;
    }
    float step = most > least ? (most - least) / 15 : 1;
    int planes = SketchKernels.PLANES * layout.words();
    if (tables.planes.length != planes) {
      tables.planes = new long[planes];
    }
    Arrays.fill(tables.planes, 0);
    float perStep = 1 / step;
    for (int i = 0; i < rotated.length; i++) {
      int number = (int) ((rotated[i] - least) * perStep + 0.5f);
      int at = (i >>> 6) * SketchKernels.PLANES;
      for (int plane = 0; plane < SketchKernels.PLANES; plane++) {
        tables.planes[at + plane] |= (long) (number >>> plane & 1) << i;
      }
    }
    tables.planeStep = step;
    tables.planeLow = least;
    tables.planeMiddle = LEVEL_MIDDLE * sum;
  }

  private static int words(int numbers) {
    return (numbers + Long.SIZE - 1) / Long.SIZE;
  }

  private static int stride(int words, boolean hasBases) {
    return 2 * words + (hasBases ? 2 : 1);
  }

  /** Bytes that a row of so many numbers takes. */
  static int rowBytes(int numbers, boolean hasBases) {
    return stride(words(numbers), hasBases) * Long.BYTES;
  }
}
