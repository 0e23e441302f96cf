package dev.eddy.engine.field;

import dev.eddy.engine.format.ChecksummedReader;
import dev.eddy.engine.format.ChecksummedWriter;
import dev.eddy.engine.format.CorruptFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.RoaringBitmapWriter;

/**
 * A run on the heap. Keys take 12 bytes each, postings 4, or a bit or so where one key has many.
 */
final class HeapRun implements PostingRun {
  /** Ascending. */
  private final long[] keys;

  /** Of key i: {@code slots[starts[i] .. starts[i + 1])}, ascending; none where it has a bitmap. */
  private final int[] starts;

  private final int[] slots;
  private final @Nullable RoaringBitmap @Nullable [] bitmaps;
  private final RoaringBitmap replaced;
  private final long postings;
  private final long heapBytes;

  /** Whether no file could be written for it. */
  private volatile boolean isRefused;

  private HeapRun(
      long[] keys,
      int[] starts,
      int[] slots,
      @Nullable RoaringBitmap @Nullable [] bitmaps,
      RoaringBitmap replaced) {
    this.keys = keys;
    this.starts = starts;
    this.slots = slots;
    this.bitmaps = bitmaps;
    this.replaced = replaced;
    long bytes = 12L * keys.length + 4L * slots.length + replaced.getLongSizeInBytes();
    long count = slots.length;
    if (bitmaps != null) {
      for (RoaringBitmap bitmap : bitmaps) {
        bytes += 4 + (bitmap == null ? 0 : bitmap.getLongSizeInBytes());
        count += bitmap == null ? 0 : bitmap.getLongCardinality();
      }
    }
    this.heapBytes = bytes;
    this.postings = count;
  }

  /**
   * Of sorted pairs.
   *
   * @param replaced taken over
   */
  static HeapRun of(Pairs sorted, RoaringBitmap replaced) {
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

    HeapRun build(RoaringBitmap replaced) {
      endKey();
      starts[keyCount] = slotCount;
      return new HeapRun(
          Arrays.copyOf(keys, keyCount),
          Arrays.copyOf(starts, keyCount + 1),
          Arrays.copyOf(slots, slotCount),
          bitmaps == null ? null : Arrays.copyOf(bitmaps, keyCount),
          replaced);
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

  @Override
  public int keyCount() {
    return keys.length;
  }

  @Override
  public long key(int at) {
    return keys[at];
  }

  @Override
  public long postings() {
    return postings;
  }

  @Override
  public RoaringBitmap replaced() {
    return replaced;
  }

  @Override
  public int firstAtOrAbove(long key) {
    int at = Arrays.binarySearch(keys, key);
    return at >= 0 ? at : -at - 1;
  }

  @Override
  public void collect(int from, int to, SlotCollector into) {
    if (from >= to) {
      return;
    }
    // Keys with a bitmap have none there.
    into.add(slots, starts[from], starts[to]);
    for (int at = from; bitmaps != null && at < to; at++) {
      RoaringBitmap bitmap = bitmaps[at];
      if (bitmap != null) {
        into.add(bitmap);
      }
    }
  }

  @Override
  public int[] slotsOf(int at) {
    RoaringBitmap bitmap = bitmaps == null ? null : bitmaps[at];
    return bitmap == null
        ? Arrays.copyOfRange(slots, starts[at], starts[at + 1])
        : bitmap.toArray();
  }

  @Override
  public long heapBytes() {
    return heapBytes;
  }

  @Override
  public long mappedBytes() {
    return 0;
  }

  @Override
  public HeapRun onHeap() {
    return this;
  }

  /** It stays here until it is merged: no file could be written for it. */
  void refuse() {
    isRefused = true;
  }

  boolean isRefused() {
    return isRefused;
  }

  @Override
  public void retain() {
    // The collector sees to it.
  }

  @Override
  public void release() {
    // The collector sees to it.
  }

  /**
   * Writes it, little endian:
   *
   * <pre>
   *   replaced   bitmap
   *   keys       int32 n, n * int64, ascending
   *   starts     (n + 1) * int32 into slots, the first 0; a key with a bitmap has none there
   *   slots      as many int32 as the last start says, ascending from start to start
   *   bitmaps    int32, then each, ascending: index of its key int32, bitmap
   *   bitmap     length int32 and as many bytes: RoaringBitmap's portable form; none for no slots
   * </pre>
   */
  void writeTo(ChecksummedWriter out) throws IOException {
    write(replaced, out);
    out.putInt(keys.length);
    out.putLongs(keys);
    out.putInts(starts, starts.length);
    out.putInts(slots, slots.length);
    if (bitmaps == null) {
      out.putInt(0);
      return;
    }
    out.putInt((int) Arrays.stream(bitmaps).filter(Objects::nonNull).count());
    for (int i = 0; i < bitmaps.length; i++) {
      RoaringBitmap bitmap = bitmaps[i];
      if (bitmap != null) {
        out.putInt(i);
        write(bitmap, out);
      }
    }
  }

  private static void write(RoaringBitmap bitmap, ChecksummedWriter out) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(bitmap.isEmpty() ? 0 : bitmap.serializedSizeInBytes());
    if (!bitmap.isEmpty()) {
      bitmap.serialize(bytes);
    }
    out.putInt(bytes.capacity());
    out.putBytes(bytes.array());
  }

  /**
   * Reads what {@link #writeTo} wrote.
   *
   * @param slotCount no slot is as high
   */
  static HeapRun read(ChecksummedReader in, int slotCount) throws IOException {
    RoaringBitmap replaced = readBitmap(in, slotCount);
    long[] keys = new long[count("keys", Long.BYTES + Integer.BYTES, in)];
    in.getLongs(keys);
    int[] starts = new int[keys.length + 1];
    in.getInts(starts);
    check(in, "keys ascend", () -> isAscending(keys));
    int slotsMax = (int) Math.min(Integer.MAX_VALUE - 8, in.remaining() / Integer.BYTES);
    check(in, "starts from 0 to at most " + slotsMax, () -> areStarts(starts, slotsMax));
    int[] slots = new int[starts[keys.length]];
    in.getInts(slots);
    check(in, "slots below " + slotCount, () -> areSlots(slots, starts, slotCount));
    int bitmapCount = in.getInt("bitmaps", 0, keys.length);
    @Nullable RoaringBitmap @Nullable [] bitmaps =
        bitmapCount == 0 ? null : new RoaringBitmap[keys.length];
    int key = -1;
    for (int i = 0; bitmaps != null && i < bitmapCount; i++) {
      key = in.getInt("key of a bitmap", key + 1, keys.length - 1);
      bitmaps[key] = readBitmap(in, slotCount);
    }
    check(in, "slots of each key in one place", () -> isWhole(starts, bitmaps));
    return new HeapRun(keys, starts, slots, bitmaps, replaced);
  }

  /** A count of things that take so many bytes each and are still to come. */
  private static int count(String what, int bytesEach, ChecksummedReader in) throws IOException {
    long most = Math.min(Integer.MAX_VALUE - 8, (in.remaining() - Integer.BYTES) / bytesEach);
    return in.getInt(what, 0, (int) Math.max(0, most));
  }

  private static void check(ChecksummedReader in, String expected, BooleanSupplier test)
      throws CorruptFileException {
    if (!test.getAsBoolean()) {
      throw new CorruptFileException(in.file(), in.position(), expected, "others");
    }
  }

  private static boolean isAscending(long[] keys) {
    for (int i = 1; i < keys.length; i++) {
      if (keys[i - 1] >= keys[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean areStarts(int[] starts, int most) {
    for (int i = 1; i < starts.length; i++) {
      if (starts[i - 1] > starts[i]) {
        return false;
      }
    }
    return starts[0] == 0 && starts[starts.length - 1] <= most;
  }

  private static boolean areSlots(int[] slots, int[] starts, int slotCount) {
    for (int key = 0; key + 1 < starts.length; key++) {
      int least = 0;
      for (int i = starts[key]; i < starts[key + 1]; i++) {
        if (slots[i] < least || slots[i] >= slotCount) {
          return false;
        }
        least = slots[i] + 1;
      }
    }
    return true;
  }

  private static boolean isWhole(int[] starts, @Nullable RoaringBitmap @Nullable [] bitmaps) {
    for (int key = 0; key + 1 < starts.length; key++) {
      RoaringBitmap bitmap = bitmaps == null ? null : bitmaps[key];
      boolean hasBitmap = bitmap != null && !bitmap.isEmpty();
      boolean hasSlots = starts[key] < starts[key + 1];
      if (hasBitmap == hasSlots) {
        return false;
      }
    }
    return true;
  }

  private static RoaringBitmap readBitmap(ChecksummedReader in, int slotCount) throws IOException {
    byte[] bytes = new byte[count("bytes of a bitmap", 1, in)];
    in.getBytes(bytes);
    RoaringBitmap bitmap = new RoaringBitmap();
    if (bytes.length > 0) {
      try {
        bitmap.deserialize(ByteBuffer.wrap(bytes));
      } catch (IOException | RuntimeException e) {
        throw new CorruptFileException(in.file(), in.position(), "a bitmap", e.toString());
      }
      check(in, "slots below " + slotCount, () -> hasSlotsBelow(bitmap, slotCount));
    }
    return bitmap;
  }

  /** Slots are not negative, and as unsigned numbers the last is the highest. */
  private static boolean hasSlotsBelow(RoaringBitmap bitmap, int slotCount) {
    return !bitmap.isEmpty() && Integer.compareUnsigned(bitmap.last(), slotCount) < 0;
  }
}
