package dev.eddy.engine.field;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.RoaringBitmapWriter;

/**
 * An immutable piece of an index: which slots have which keys. It says all there is of the slots it
 * replaces, so that older runs no longer count for them. Keys take 12 bytes each, postings 4, or a
 * bit or so where one key has many.
 */
final class PostingRun {
  /** Postings of a key from which they are kept as a bitmap. */
  static final int BITMAP_POSTINGS_MIN = 4096;

  /** Ascending. */
  private final long[] keys;

  /** Of key i: {@code slots[starts[i] .. starts[i + 1])}, ascending; none where it has a bitmap. */
  private final int[] starts;

  private final int[] slots;
  private final @Nullable RoaringBitmap @Nullable [] bitmaps;
  private final RoaringBitmap replaced;
  private final long postings;
  private final long memoryBytes;

  private PostingRun(Builder built, RoaringBitmap replaced) {
    this.keys = Arrays.copyOf(built.keys, built.keyCount);
    this.starts = Arrays.copyOf(built.starts, built.keyCount + 1);
    this.slots = Arrays.copyOf(built.slots, built.slotCount);
    this.bitmaps = built.bitmaps == null ? null : Arrays.copyOf(built.bitmaps, built.keyCount);
    this.replaced = replaced;
    this.postings = built.postings;
    this.memoryBytes = measured();
  }

  /**
   * Of sorted pairs.
   *
   * @param replaced taken over
   */
  static PostingRun of(Pairs sorted, RoaringBitmap replaced) {
    Builder builder = new Builder(sorted.size());
    for (int i = 0; i < sorted.size(); i++) {
      builder.add(sorted.key(i), sorted.slot(i));
    }
    return builder.build(replaced);
  }

  /** Takes postings in the order of keys and slots; equal ones count once. */
  static final class Builder {
    private long[] keys;
    private int[] starts;
    private int[] slots;
    private @Nullable RoaringBitmap @Nullable [] bitmaps;
    private int keyCount;
    private int slotCount;
    private long postings;

    Builder(int expected) {
      this.keys = new long[Math.max(4, Math.min(expected, 1 << 16))];
      this.starts = new int[keys.length + 1];
      this.slots = new int[Math.max(4, expected)];
    }

    void add(long key, int slot) {
      if (keyCount == 0 || keys[keyCount - 1] != key) {
        startKey(key);
      } else if (slotCount > starts[keyCount - 1] && slots[slotCount - 1] == slot) {
        return;
      }
      if (slotCount == slots.length) {
        slots = Arrays.copyOf(slots, slotCount * 2);
      }
      slots[slotCount++] = slot;
      postings++;
    }

    private void startKey(long key) {
      endKey();
      if (keyCount == keys.length) {
        keys = Arrays.copyOf(keys, keyCount * 2);
        starts = Arrays.copyOf(starts, keyCount * 2 + 1);
        bitmaps = bitmaps == null ? null : Arrays.copyOf(bitmaps, keyCount * 2);
      }
      keys[keyCount] = key;
      starts[keyCount++] = slotCount;
    }

    private void endKey() {
      if (keyCount == 0 || slotCount - starts[keyCount - 1] < BITMAP_POSTINGS_MIN) {
        return;
      }
      if (bitmaps == null) {
        bitmaps = new RoaringBitmap[keys.length];
      }
      int from = starts[keyCount - 1];
      bitmaps[keyCount - 1] = ofAscending(slots, from, slotCount);
      slotCount = from;
    }

    PostingRun build(RoaringBitmap replaced) {
      endKey();
      starts[keyCount] = slotCount;
      return new PostingRun(this, replaced);
    }
  }

  private static RoaringBitmap ofAscending(int[] slots, int from, int to) {
    RoaringBitmapWriter<RoaringBitmap> writer = RoaringBitmapWriter.writer().get();
    for (int i = from; i < to; i++) {
      writer.add(slots[i]);
    }
    RoaringBitmap bitmap = writer.get();
    bitmap.runOptimize();
    return bitmap;
  }

  int keyCount() {
    return keys.length;
  }

  long key(int at) {
    return keys[at];
  }

  /** Pairs of key and slot. */
  long postings() {
    return postings;
  }

  /** Slots of which this run says all there is; not to be changed. */
  RoaringBitmap replaced() {
    return replaced;
  }

  /** Index of the first key that is not below this one. */
  int firstAtOrAbove(long key) {
    int at = Arrays.binarySearch(keys, key);
    return at >= 0 ? at : -at - 1;
  }

  /** Hands over the slots of one key. */
  void collect(int at, SlotCollector into) {
    RoaringBitmap bitmap = bitmaps == null ? null : bitmaps[at];
    if (bitmap == null) {
      into.add(slots, starts[at], starts[at + 1]);
    } else {
      into.add(bitmap);
    }
  }

  /** Slots of one key, ascending; a copy. */
  int[] slotsOf(int at) {
    RoaringBitmap bitmap = bitmaps == null ? null : bitmaps[at];
    return bitmap == null
        ? Arrays.copyOfRange(slots, starts[at], starts[at + 1])
        : bitmap.toArray();
  }

  long memoryBytes() {
    return memoryBytes;
  }

  private long measured() {
    long bytes = 12L * keys.length + 4L * slots.length + replaced.getLongSizeInBytes();
    if (bitmaps != null) {
      for (RoaringBitmap bitmap : bitmaps) {
        bytes += 4 + (bitmap == null ? 0 : bitmap.getLongSizeInBytes());
      }
    }
    return bytes;
  }
}
