package dev.eddy.engine.graph;

import dev.eddy.engine.kernel.ElementType;
import dev.eddy.engine.kernel.KernelSelector;
import dev.eddy.engine.kernel.Kernels;
import dev.eddy.engine.kernel.Metric;
import java.util.Arrays;

/** {@link HeapRows} of floats. */
final class FloatRows extends HeapRows {
  private static final Kernels KERNELS = KernelSelector.kernels();
  private static final int FLOATS_PER_LINE = 16;

  /** In the place of a slab that is in files. */
  private static final float[] ABSENT = {};

  /** Replaced, never changed in place, except for rows that no count covers yet. */
  private volatile float[][] slabs = new float[0][];

  FloatRows(Metric metric, int dimension) {
    super(metric, dimension, KERNELS.padded(dimension), ElementType.FLOAT32, Float.BYTES);
  }

  @Override
  void write(int ordinal, float[] vector) {
    System.arraycopy(vector, 0, slabFor(ordinal), rowAt(ordinal), dimension);
  }

  /** The slab that is appended to is always here. */
  private float[] slabFor(int ordinal) {
    float[][] current = slabs;
    int index = shape.slabOf(ordinal);
    int present = index < current.length ? current[index].length : 0;
    int units = slabUnits(ordinal, present);
    return units == present ? current[index] : grow(index, units);
  }

  private synchronized float[] grow(int index, int units) {
    float[][] next = Arrays.copyOf(slabs, Math.max(slabs.length, index + 1));
    next[index] = index < slabs.length ? Arrays.copyOf(slabs[index], units) : new float[units];
    slabs = next;
    return next[index];
  }

  @Override
  void makeAbsent(int count) {
    float[][] absent = new float[count][];
    Arrays.fill(absent, ABSENT);
    slabs = absent;
  }

  @Override
  boolean isHere(int slab) {
    return slabs[slab] != ABSENT;
  }

  @Override
  void read(int index, StoredRows from, int first, int count) {
    float[] slab = new float[slabUnits(first + count - 1, 0)];
    from.read(
        first,
        count,
        (row, rows, numbers, at) -> {
          for (int i = 0; i < rows; i++) {
            type.decode(
                numbers,
                at + i * dimension * Float.BYTES,
                slab,
                (row - first + i) * stride,
                dimension);
          }
        });
    float[][] next = slabs.clone();
    next[index] = slab;
    slabs = next;
  }

  private float[] slabOf(int ordinal) {
    int index = shape.slabOf(ordinal);
    float[] slab = slabs[index];
    if (slab == ABSENT) {
      load(index);
      slab = slabs[index];
    }
    return slab;
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
    float[] slab = slabs[shape.slabOf(ordinal)];
    if (slab == ABSENT) {
      return 0; // It is copied, and nothing is near then.
    }
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
    if (aSlab == ABSENT || bSlab == ABSENT || cSlab == ABSENT || dSlab == ABSENT) {
      scoreStored(query, queryAt, new int[] {a, b, c, d}, scores, at);
      return;
    }
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
      floats += slab == ABSENT ? fullUnits() : slab.length;
    }
    return floats * Float.BYTES;
  }
}
