package dev.eddy.engine.field;

import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.engine.format.FileHeader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * A run that is read from the mapped file it is alone in, as {@link HeapRun#writeTo} wrote it. On
 * the heap are the slots that it replaces and where bitmaps are: some hundred bytes for each key of
 * thousands of postings.
 */
final class MappedRun implements PostingRun {
  /** Where the run begins: behind the header, the count of pieces and the form. */
  static final int FIRST_BYTE = FileHeader.BYTES + 2 * Integer.BYTES;

  private static final long BITMAP_HEAP_BYTES = 160;

  private final MappedPiece piece;
  private final MemorySegment keys;
  private final MemorySegment starts;
  private final MemorySegment slots;
  private final int keyCount;

  /** Of keys that have a bitmap, ascending. */
  private final int[] bitmapKeys;

  private final ImmutableRoaringBitmap[] bitmaps;
  private final RoaringBitmap replaced;
  private final long postings;

  private MappedRun(MappedPiece piece) throws IOException {
    this.piece = piece;
    Sections in = new Sections(piece.bytes(), FIRST_BYTE);
    ByteBuffer ofReplaced = in.bitmap();
    this.replaced = new RoaringBitmap();
    if (ofReplaced.hasRemaining()) {
      replaced.deserialize(ofReplaced);
    }
    this.keyCount = in.count();
    this.keys = in.take((long) keyCount * Long.BYTES);
    this.starts = in.take((keyCount + 1L) * Integer.BYTES);
    int slotCount = starts.get(MappedPiece.INT, (long) keyCount * Integer.BYTES);
    this.slots = in.take((long) slotCount * Integer.BYTES);
    this.bitmapKeys = new int[in.count()];
    this.bitmaps = new ImmutableRoaringBitmap[bitmapKeys.length];
    long count = slotCount;
    for (int i = 0; i < bitmaps.length; i++) {
      bitmapKeys[i] = in.count();
      bitmaps[i] = new ImmutableRoaringBitmap(in.bitmap());
      count += bitmaps[i].getLongCardinality();
    }
    this.postings = count;
    in.expectEnd();
  }

  /** Goes over what stands one after another. */
  private static final class Sections {
    private final MemorySegment bytes;
    private long at;

    Sections(MemorySegment bytes, long from) {
      this.bytes = bytes;
      this.at = from;
    }

    int count() {
      int count = bytes.get(MappedPiece.INT, at);
      at += Integer.BYTES;
      return count;
    }

    MemorySegment take(long length) {
      MemorySegment section = bytes.asSlice(at, length);
      at += length;
      return section;
    }

    ByteBuffer bitmap() {
      return take(count()).asByteBuffer();
    }

    void expectEnd() {
      if (at != bytes.byteSize()) {
        throw new IllegalArgumentException("a run ends at byte " + at);
      }
    }
  }

  /**
   * A run that was just written.
   *
   * @param piece whose reference is taken over, also by a failure
   */
  static MappedRun of(MappedPiece piece) throws IOException {
    try {
      return new MappedRun(piece);
    } catch (IOException | RuntimeException e) {
      piece.release();
      throw e;
    }
  }

  /**
   * A stored run; reads and checks every byte.
   *
   * @param piece whose reference is taken over, also by a failure
   * @param slotCount no slot is as high
   */
  static MappedRun checked(MappedPiece piece, int slotCount) throws IOException {
    try {
      piece.check();
      MappedRun run = new MappedRun(piece);
      run.checkContents(slotCount);
      return run;
    } catch (CorruptFileException e) {
      piece.release();
      throw e;
    } catch (IOException | RuntimeException e) {
      piece.release();
      throw new CorruptFileException(piece.file(), FIRST_BYTE, "a run", e.toString());
    }
  }

  private void checkContents(int slotCount) throws IOException {
    check("starts from 0", start(0) == 0);
    int bitmap = 0;
    for (int at = 0; at < keyCount; at++) {
      check("keys ascend", at == 0 || key(at - 1) < key(at));
      check("starts ascend", start(at) <= start(at + 1));
      boolean hasBitmap = bitmap < bitmaps.length && bitmapKeys[bitmap] == at;
      check("slots of each key in one place", hasBitmap == (start(at) == start(at + 1)));
      if (hasBitmap) {
        check("slots below " + slotCount, isBelow(bitmaps[bitmap], slotCount));
        bitmap++;
      }
      int least = 0;
      for (int i = start(at); i < start(at + 1); i++) {
        int slot = slot(i);
        check("slots below " + slotCount, slot >= least && slot < slotCount);
        least = slot + 1;
      }
    }
    check("a key for each bitmap", bitmap == bitmaps.length);
    boolean isBelow = replaced.isEmpty() || Integer.compareUnsigned(replaced.last(), slotCount) < 0;
    check("slots below " + slotCount, isBelow);
  }

  private static boolean isBelow(ImmutableRoaringBitmap bitmap, int slotCount) {
    return !bitmap.isEmpty() && Integer.compareUnsigned(bitmap.last(), slotCount) < 0;
  }

  private void check(String expected, boolean isSo) throws CorruptFileException {
    if (!isSo) {
      throw new CorruptFileException(piece.file(), FIRST_BYTE, expected, "others");
    }
  }

  MappedPiece piece() {
    return piece;
  }

  private int start(int at) {
    return starts.get(MappedPiece.INT, (long) at * Integer.BYTES);
  }

  private int slot(int at) {
    return slots.get(MappedPiece.INT, (long) at * Integer.BYTES);
  }

  @Override
  public int keyCount() {
    return keyCount;
  }

  @Override
  public long key(int at) {
    return keys.get(MappedPiece.LONG, (long) at * Long.BYTES);
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
    int from = 0;
    int to = keyCount;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (key(middle) < key) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  @Override
  public void collect(int from, int to, SlotCollector into) {
    if (from >= to) {
      return;
    }
    // Keys with a bitmap have none there.
    into.add(slots, start(from), start(to));
    int found = Arrays.binarySearch(bitmapKeys, from);
    for (int i = found < 0 ? -found - 1 : found; i < bitmaps.length && bitmapKeys[i] < to; i++) {
      into.add(bitmaps[i].toRoaringBitmap());
    }
  }

  private ImmutableRoaringBitmap bitmap(int key) {
    return bitmaps[Arrays.binarySearch(bitmapKeys, key)];
  }

  @Override
  public int[] slotsOf(int at) {
    int from = start(at);
    int to = start(at + 1);
    if (from == to) {
      return bitmap(at).toArray();
    }
    int[] copy = new int[to - from];
    MemorySegment.copy(slots, MappedPiece.INT, 4L * from, copy, 0, copy.length);
    return copy;
  }

  @Override
  public long heapBytes() {
    return replaced.getLongSizeInBytes() + BITMAP_HEAP_BYTES * bitmaps.length;
  }

  @Override
  public long mappedBytes() {
    return piece.lengthBytes();
  }

  @Override
  public HeapRun onHeap() {
    HeapRun.Builder builder =
        new HeapRun.Builder((int) Math.min(slots.byteSize() / Integer.BYTES, 1 << 28));
    for (int at = 0; at < keyCount; at++) {
      long key = key(at);
      for (int slot : slotsOf(at)) {
        builder.add(key, slot);
      }
    }
    return builder.build(replaced);
  }

  @Override
  public void retain() {
    piece.retain();
  }

  @Override
  public void release() {
    piece.release();
  }
}
