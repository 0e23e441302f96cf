package dev.eddy.engine.graph;

import dev.eddy.engine.kernel.KernelSelector;
import dev.eddy.engine.kernel.Kernels;
import dev.eddy.engine.kernel.Metric;
import java.util.Arrays;

/** {@link HeapRows} of floats. */
final class FloatRows extends HeapRows {
  private static final Kernels KERNELS = KernelSelector.kernels();
  private static final int FLOATS_PER_LINE = 16;

  /** Replaced, never changed in place, except for rows that no count covers yet. */
  private volatile float[][] slabs = new float[0][];

  FloatRows(Metric metric, int dimension) {
    super(metric, dimension, KERNELS.padded(dimension), 1, Float.BYTES);
  }

  @Override
  void write(int ordinal, float[] vector) {
    System.arraycopy(vector, 0, slabFor(ordinal), rowAt(ordinal), dimension);
  }

  private float[] slabFor(int ordinal) {
    float[][] current = slabs;
    int index = shape.slabOf(ordinal);
    int present = index < current.length ? current[index].length : 0;
    int units = slabUnits(ordinal, present);
    if (units == present) {
      return current[index];
    }
    float[][] next = Arrays.copyOf(current, Math.max(current.length, index + 1));
    next[index] = present == 0 ? new float[units] : Arrays.copyOf(current[index], units);
    slabs = next;
    return next[index];
  }

  private float[] slabOf(int ordinal) {
    return slabs[shape.slabOf(ordinal)];
  }

  @Override
  float[] query(int ordinal, float[] scratch) {
    return slabOf(ordinal);
  }

  @Override
  int queryAt(int ordinal) {
    return rowAt(ordinal);
  }

  @Override
  public void copy(int first, int count, float[] out, int outStride) {
    for (int i = 0; i < count; i++) {
      System.arraycopy(slabOf(first + i), rowAt(first + i), out, i * outStride, dimension);
    }
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
    float[] aSlab = slabs[shape.slabOf(a)];
    float[] bSlab = slabs[shape.slabOf(b)];
    float[] cSlab = slabs[shape.slabOf(c)];
    float[] dSlab = slabs[shape.slabOf(d)];
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

  @Override
  public long heapBytes() {
    long floats = 0;
    for (float[] slab : slabs) {
      floats += slab.length;
    }
    return floats * Float.BYTES;
  }
}
