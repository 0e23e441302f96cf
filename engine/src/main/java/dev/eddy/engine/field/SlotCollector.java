package dev.eddy.engine.field;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.roaringbitmap.BitSetUtil;
import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.RoaringBitmapWriter;

/** Gathers slots in any order into a bitmap. One thread. */
final class SlotCollector {
  private static final int FIRST_CAPACITY = 256;

  private int[] gathered = new int[FIRST_CAPACITY];
  private int size;
  private final RoaringBitmap bitmap = new RoaringBitmap();

  /** Adds {@code slots[from .. to)}. */
  void add(int[] slots, int from, int to) {
    int count = to - from;
    System.arraycopy(slots, from, room(count), size, count);
    size += count;
  }

  /** Adds {@code slots[from .. to)} of as many little endian int32. */
  void add(MemorySegment slots, int from, int to) {
    int count = to - from;
    MemorySegment.copy(
        slots, MappedPiece.INT, (long) from * Integer.BYTES, room(count), size, count);
    size += count;
  }

  /** What is gathered, with room for so many more. */
  private int[] room(int count) {
    if (size + count > gathered.length) {
      gathered = Arrays.copyOf(gathered, Math.max(size + count, gathered.length * 2));
    }
    return gathered;
  }

  void add(RoaringBitmap slots) {
    bitmap.or(slots);
  }

  /** All slots; the collector is empty then. */
  RoaringBitmap take() {
    RoaringBitmap all = gathered();
    all.or(bitmap);
    size = 0;
    bitmap.clear();
    return all;
  }

  private RoaringBitmap gathered() {
    int words = 0;
    for (int i = 0; i < size; i++) {
      words = Math.max(words, (gathered[i] >>> 6) + 1);
    }
    if (words < size) {
      // Setting bits costs less than sorting.
      long[] bits = new long[words];
      for (int i = 0; i < size; i++) {
        bits[gathered[i] >>> 6] |= 1L << gathered[i];
      }
      return BitSetUtil.bitmapOf(bits);
    }
    RoaringBitmapWriter<RoaringBitmap> writer =
        RoaringBitmapWriter.writer().doPartialRadixSort().get();
    writer.addMany(size == gathered.length ? gathered : Arrays.copyOf(gathered, size));
    return writer.get();
  }
}
