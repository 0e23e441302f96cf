package dev.eddy.engine.quantization;

import dev.eddy.engine.kernel.SlabShape;
import java.util.Arrays;

/**
 * Append-only codes on the heap.
 *
 * <p>Threading: one appending thread at a time, which hands over with a happens-before edge; any
 * number of readers. A code is written before the count that covers it is released.
 */
public final class HeapCodes implements CodeTable {
  private static final int FIRST_SLAB_ROWS = 256;
  private static final int LINE_BYTES = 64;

  private final RowQuantizer quantizer;
  private final RowQuantizer.Scratch scratch;
  private final int codeBytes;
  private final SlabShape shape;

  /** Replaced, never changed in place, except for codes that no count covers yet. */
  private volatile byte[][] slabs = new byte[0][];

  private volatile int count;

  /** Without rows. */
  public HeapCodes(RowQuantizer quantizer) {
    this.quantizer = quantizer;
    this.scratch = new RowQuantizer.Scratch(quantizer);
    this.codeBytes = quantizer.codeBytes();
    this.shape = new SlabShape(codeBytes);
  }

  @Override
  public RowQuantizer quantizer() {
    return quantizer;
  }

  @Override
  public int count() {
    return count;
  }

  /**
   * Encodes the next row.
   *
   * @param ordinal which it is to be: another one would give every later row a wrong code
   */
  public void append(int ordinal, float[] vector) {
    if (ordinal != count) {
      throw new IllegalStateException("row %d comes next, got %d".formatted(count, ordinal));
    }
    byte[] slab = slabFor(ordinal);
    quantizer.encode(vector, slab, codeAt(ordinal), scratch);
    count = ordinal + 1;
  }

  private byte[] slabFor(int ordinal) {
    int index = shape.slabOf(ordinal);
    int needed = codeAt(ordinal) + codeBytes;
    byte[][] current = slabs;
    if (index < current.length && current[index].length >= needed) {
      return current[index];
    }
    int full = shape.rows() * codeBytes;
    byte[][] next = Arrays.copyOf(current, Math.max(current.length, index + 1));
    if (index < current.length) {
      next[index] = Arrays.copyOf(current[index], Math.min(full, 2 * current[index].length));
    } else {
      next[index] = new byte[index == 0 ? Math.min(full, FIRST_SLAB_ROWS * codeBytes) : full];
    }
    slabs = next;
    return next[index];
  }

  private int codeAt(int ordinal) {
    return shape.rowInSlab(ordinal) * codeBytes;
  }

  @Override
  public void estimate(QueryCode query, int[] ordinals, int from, int count, float[] out) {
    byte[][] slabs = this.slabs;
    for (int i = from; i < from + count; i++) {
      int ordinal = ordinals[i];
      out[i] = quantizer.estimate(query, slabs[shape.slabOf(ordinal)], codeAt(ordinal));
    }
  }

  @Override
  public int touch(int ordinal) {
    byte[] slab = slabs[shape.slabOf(ordinal)];
    int at = codeAt(ordinal);
    int end = at + codeBytes;
    int sum = 0;
    for (int i = at; i < end; i += LINE_BYTES) {
      sum += slab[i];
    }
    return sum;
  }

  @Override
  public long heapBytes() {
    long bytes = 0;
    for (byte[] slab : slabs) {
      bytes += slab.length;
    }
    return bytes;
  }

  @Override
  public long mappedBytes() {
    return 0;
  }
}
