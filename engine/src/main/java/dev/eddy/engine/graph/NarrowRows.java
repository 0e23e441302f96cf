package dev.eddy.engine.graph;

import dev.eddy.engine.kernel.ElementType;
import dev.eddy.engine.kernel.KernelSelector;
import dev.eddy.engine.kernel.Kernels;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.kernel.NarrowKernels;
import java.util.Arrays;

/** {@link HeapRows} of numbers that take less than floats, in slabs of bytes. */
final class NarrowRows extends HeapRows {
  private static final Kernels KERNELS = KernelSelector.kernels();
  private static final int LINE_BYTES = 64;

  private final NarrowKernels kernels;

  /** In the place of a slab that is in files. */
  private static final byte[] ABSENT = {};

  /** Replaced, never changed in place, except for rows that no count covers yet. */
  private volatile byte[][] slabs = new byte[0][];

  NarrowRows(Metric metric, int dimension, ElementType type) {
    super(metric, dimension, KERNELS.padded(dimension), type, 1);
    this.kernels = KernelSelector.narrowKernels(type);
  }

  @Override
  void write(int ordinal, float[] vector) {
    type.encode(vector, dimension, slabFor(ordinal), rowAt(ordinal));
  }

  /** The slab that is appended to is always here. */
  private byte[] slabFor(int ordinal) {
    byte[][] current = slabs;
    int index = shape.slabOf(ordinal);
    int present = index < current.length ? current[index].length : 0;
    int units = slabUnits(ordinal, present);
    return units == present ? current[index] : grow(index, units);
  }

  private synchronized byte[] grow(int index, int units) {
    byte[][] next = Arrays.copyOf(slabs, Math.max(slabs.length, index + 1));
    next[index] = index < slabs.length ? Arrays.copyOf(slabs[index], units) : new byte[units];
    slabs = next;
    return next[index];
  }

  @Override
  void makeAbsent(int count) {
    byte[][] absent = new byte[count][];
    Arrays.fill(absent, ABSENT);
    slabs = absent;
  }

  @Override
  boolean isHere(int slab) {
    return slabs[slab] != ABSENT;
  }

  @Override
  void read(int index, StoredRows from, int first, int count) {
    byte[] slab = new byte[slabUnits(first + count - 1, 0)];
    int bytes = dimension * type.bytes();
    from.read(
        first,
        count,
        (row, rows, numbers, at) -> {
          for (int i = 0; i < rows; i++) {
            int to = (row - first + i) * rowUnits;
            System.arraycopy(numbers, at + i * bytes, slab, to, bytes);
          }
        });
    byte[][] next = slabs.clone();
    next[index] = slab;
    slabs = next;
  }

  private byte[] slabOf(int ordinal) {
    int index = shape.slabOf(ordinal);
    byte[] slab = slabs[index];
    if (slab == ABSENT) {
      load(index);
      slab = slabs[index];
    }
    return slab;
  }

  @Override
  float[] query(int ordinal, float[] scratch) {
    kernels.widen(slabOf(ordinal), rowAt(ordinal), scratch, 0, dimension);
    return scratch;
  }

  @Override
  int queryAt(int ordinal) {
    return 0;
  }

  @Override
  public void copy(int first, int count, float[] out, int outStride) {
    for (int i = 0; i < count; i++) {
      kernels.widen(slabOf(first + i), rowAt(first + i), out, i * outStride, dimension);
    }
  }

  @Override
  public int touch(int ordinal) {
    byte[] slab = slabs[shape.slabOf(ordinal)];
    if (slab == ABSENT) {
      return 0; // It is copied, and nothing is near then.
    }
    int at = rowAt(ordinal);
    int end = at + rowUnits;
    int sum = slab[end - 1]; // Rows begin anywhere in a line.
    for (int i = at; i < end; i += LINE_BYTES) {
      sum += slab[i];
    }
    return sum;
  }

  @Override
  public void score(
      float[] query, int queryAt, int[] ordinals, int from, int count, float[] scores) {
    byte[][] slabs = this.slabs;
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
      byte[][] slabs,
      float[] query,
      int queryAt,
      int a,
      int b,
      int c,
      int d,
      float[] scores,
      int at) {
    byte[] aSlab = slabs[shape.slabOf(a)];
    byte[] bSlab = slabs[shape.slabOf(b)];
    byte[] cSlab = slabs[shape.slabOf(c)];
    byte[] dSlab = slabs[shape.slabOf(d)];
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
          kernels.dot4(
              query, queryAt, aSlab, aAt, bSlab, bAt, cSlab, cAt, dSlab, dAt, stride, scores, at);
      case EUCLID ->
          kernels.euclid4(
              query, queryAt, aSlab, aAt, bSlab, bAt, cSlab, cAt, dSlab, dAt, stride, scores, at);
      case MANHATTAN ->
          kernels.manhattan4(
              query, queryAt, aSlab, aAt, bSlab, bAt, cSlab, cAt, dSlab, dAt, stride, scores, at);
    }
  }

  @Override
  public long heapBytes() {
    long bytes = 0;
    for (byte[] slab : slabs) {
      bytes += slab == ABSENT ? fullUnits() : slab.length;
    }
    return bytes;
  }
}
