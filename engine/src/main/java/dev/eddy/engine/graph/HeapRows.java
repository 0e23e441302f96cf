package dev.eddy.engine.graph;

import dev.eddy.engine.kernel.KernelSelector;
import dev.eddy.engine.kernel.Kernels;
import dev.eddy.engine.kernel.Metric;
import java.util.Arrays;

/**
 * Append-only rows in float[] slabs on the heap, the fastest form to search.
 *
 * <p>Threading: one appending thread; any number of readers. A row is written before the count that
 * covers it is released, and never changes after.
 */
public final class HeapRows implements Rows {
  private static final Kernels KERNELS = KernelSelector.kernels();

  /** Size that a full slab does not exceed (unless one row does). */
  private static final int SLAB_MAX_FLOATS = 2 << 20;

  private static final int FIRST_SLAB_ROWS = 16;
  private static final int FLOATS_PER_LINE = 16;

  private final Metric metric;
  private final int dimension;
  private final int stride;
  private final int slabShift;
  private final int slabMask;

  /** Replaced, never changed in place, except for rows that no count covers yet. */
  private volatile float[][] slabs = new float[0][];

  private volatile int count;

  /** Empty rows of this dimension. */
  public HeapRows(Metric metric, int dimension) {
    this.metric = metric;
    this.dimension = dimension;
    this.stride = KERNELS.padded(dimension);
    int rows = Integer.highestOneBit(Math.max(1, SLAB_MAX_FLOATS / stride));
    this.slabShift = Integer.numberOfTrailingZeros(rows);
    this.slabMask = rows - 1;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public int stride() {
    return stride;
  }

  /** Appends a copy of the first {@code dimension} floats. Appending thread only. */
  public void append(float[] vector) {
    int ordinal = count;
    float[] slab = slabFor(ordinal);
    System.arraycopy(vector, 0, slab, (ordinal & slabMask) * stride, dimension);
    count = ordinal + 1;
  }

  private float[] slabFor(int ordinal) {
    int index = ordinal >>> slabShift;
    int needed = ((ordinal & slabMask) + 1) * stride;
    float[][] current = slabs;
    if (index < current.length && current[index].length >= needed) {
      return current[index];
    }
    int full = (slabMask + 1) * stride;
    float[][] next = Arrays.copyOf(current, Math.max(current.length, index + 1));
    if (index < current.length) {
      next[index] =
          Arrays.copyOf(
              current[index], Math.min(full, Math.max(needed, 2 * current[index].length)));
    } else {
      // Only the first slab grows, so that a small collection costs little; later ones are
      // allocated whole.
      next[index] = new float[index == 0 ? Math.min(full, FIRST_SLAB_ROWS * stride) : full];
    }
    slabs = next;
    return next[index];
  }

  /** The array that holds this row now, to be used with {@link #rowAt}. */
  float[] slabOf(int ordinal) {
    return slabs[ordinal >>> slabShift];
  }

  /** Where the row starts in its slab. */
  int rowAt(int ordinal) {
    return (ordinal & slabMask) * stride;
  }

  @Override
  public void copy(int ordinal, float[] out) {
    System.arraycopy(slabOf(ordinal), rowAt(ordinal), out, 0, dimension);
  }

  @Override
  public int touch(int ordinal) {
    float[] slab = slabOf(ordinal);
    int at = rowAt(ordinal);
    int end = at + stride;
    float sum = 0;
    for (int i = at; i < end; i += FLOATS_PER_LINE) {
      sum += slab[i];
    }
    return (int) sum;
  }

  @Override
  public void score(
      float[] query, int queryAt, int[] ordinals, int from, int count, float[] scores) {
    float[][] slabs = this.slabs;
    int last = from + count - 1;
    for (int i = from; i <= last; i += 4) {
      int a = ordinals[i];
      int b = ordinals[Math.min(i + 1, last)];
      int c = ordinals[Math.min(i + 2, last)];
      int d = ordinals[Math.min(i + 3, last)];
      score4(slabs, query, queryAt, a, b, c, d, scores, i);
    }
  }

  private void score4(
      float[][] slabs,
      float[] query,
      int queryAt,
      int a,
      int b,
      int c,
      int d,
      float[] scores,
      int at) {
    float[] aSlab = slabs[a >>> slabShift];
    float[] bSlab = slabs[b >>> slabShift];
    float[] cSlab = slabs[c >>> slabShift];
    float[] dSlab = slabs[d >>> slabShift];
    int aAt = rowAt(a);
    int bAt = rowAt(b);
    int cAt = rowAt(c);
    int dAt = rowAt(d);
    switch (metric) {
      case COSINE, DOT ->
          KERNELS.dot4(
              query, queryAt, aSlab, aAt, bSlab, bAt, cSlab, cAt, dSlab, dAt, stride, scores, at);
      case EUCLID ->
          KERNELS.euclid4(
              query, queryAt, aSlab, aAt, bSlab, bAt, cSlab, cAt, dSlab, dAt, stride, scores, at);
      case MANHATTAN ->
          KERNELS.manhattan4(
              query, queryAt, aSlab, aAt, bSlab, bAt, cSlab, cAt, dSlab, dAt, stride, scores, at);
    }
  }

  /** Bytes of heap held by the slabs. */
  public long heapBytes() {
    long floats = 0;
    for (float[] slab : slabs) {
      floats += slab.length;
    }
    return floats * Float.BYTES;
  }
}
