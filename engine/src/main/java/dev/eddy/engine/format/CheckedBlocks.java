package dev.eddy.engine.format;

import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;

/**
 * Part of a mapped file that is checked block by block, each when it is first needed: so a file can
 * be used at once, and nothing of it is used that was not checked.
 *
 * <p>Of damage, see {@link FoundDamage}.
 *
 * <p>Thread-safe while the file is mapped.
 */
public final class CheckedBlocks {
  /** Bytes of a block of files that are mostly read in stretches; the last one may be shorter. */
  public static final int STRETCH_BYTES = 1 << 16;

  /** The same of files that are read here and there: no more is read for a row than its pages. */
  public static final int PAGE_BYTES = 1 << 12;

  /** What the name of a file ends with that was found damaged. */
  public static final String CORRUPT = ".corrupt";

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final MemorySegment bytes;
  private final Source source;
  private final long from;
  private final long to;
  private final long sums;
  private final int blockBytes;
  private final int blockShift;
  private final AtomicInteger left;

  /**
   * Blocks that were checked, a byte each: two threads may check the same one, and none takes back
   * what another has noted.
   */
  private final byte[] checked;

  /** Plain: who sees it late asks for the blocks, which are checked. */
  private boolean isComplete;

  private final FoundDamage damage;

  /**
   * Where blocks lie in a file.
   *
   * @param from where the first one begins
   * @param to where the last one ends
   * @param sums where the CRC32C of each block is, int32 little endian
   * @param blockBytes bytes of a block, a power of two: {@link #PAGE_BYTES}, {@link #STRETCH_BYTES}
   */
  public record Layout(long from, long to, long sums, int blockBytes) {
    int blocks() {
      return Math.toIntExact(count(to - from, blockBytes));
    }
  }

  /** Gives bytes of the file from a place on; an {@link InternalError} where the disk does not. */
  private interface Source {
    void copy(long from, byte[] into);
  }

  /**
   * Nothing is checked so far.
   *
   * @param known of the shard's files
   * @param bytes the whole file
   */
  public CheckedBlocks(FileDamage known, Path file, MemorySegment bytes, Layout layout) {
    this(
        known,
        file,
        bytes,
        (from, into) ->
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, from, into, 0, into.length),
        layout);
  }

  /**
   * The same of a file that is read as it says.
   *
   * @param known of the shard's files
   */
  public CheckedBlocks(FileDamage known, MappedFile file, Layout layout) {
    this(known, file.file(), file.bytes(), file::copy, layout);
  }

  private CheckedBlocks(
      FileDamage known, Path file, MemorySegment bytes, Source source, Layout layout) {
    this.damage = new FoundDamage(known, file);
    this.file = file;
    this.bytes = bytes;
    this.source = source;
    this.from = layout.from();
    this.to = layout.to();
    this.sums = layout.sums();
    this.blockBytes = layout.blockBytes();
    this.blockShift = Integer.numberOfTrailingZeros(blockBytes);
    this.checked = new byte[layout.blocks()];
    this.left = new AtomicInteger(layout.blocks());
    this.isComplete = layout.blocks() == 0;
  }

  /** Blocks of so many bytes. */
  public static long count(long bytes, int blockBytes) {
    return (bytes + blockBytes - 1) / blockBytes;
  }

  /** Where the last block ends. */
  public long end() {
    return to;
  }

  /** Whether everything was checked; false once more than need be. */
  public boolean isComplete() {
    return isComplete;
  }

  /**
   * Checks what was not yet of some bytes of the file.
   *
   * @throws UncheckedIOException when they are not as they were written
   */
  public void check(long position, long length) {
    if (isComplete || length <= 0) {
      return;
    }
    int last = (int) ((position + length - 1 - from) >>> blockShift);
    for (int block = (int) ((position - from) >>> blockShift); block <= last; block++) {
      if (checked[block] == 0) {
        check(block);
      }
    }
  }

  /**
   * Checks everything.
   *
   * @throws UncheckedIOException when it is not as it was written
   */
  public void checkAll() {
    check(from, to - from);
  }

  private void check(int block) {
    throwDamage();
    long at = from + (long) block * blockBytes;
    CRC32C sum = new CRC32C();
    sum.update(read(at, (int) Math.min(blockBytes, to - at)));
    int expected = bytes.get(INT, sums + (long) Integer.BYTES * block);
    int found = (int) sum.getValue();
    if (found != expected) {
      damage.found(
          new CorruptFileException(
              file, at, "crc32c %08x of a block".formatted(expected), "%08x".formatted(found)));
    }
    noteChecked(block);
  }

  private synchronized void noteChecked(int block) {
    if (checked[block] == 0) {
      checked[block] = 1;
      isComplete = left.decrementAndGet() == 0;
    }
  }

  /** Copied: the JVM outlasts a page that the disk does not give where it copies memory. */
  private byte[] read(long at, int length) {
    byte[] copy = new byte[length];
    try {
      source.copy(at, copy);
    } catch (InternalError unreadable) {
      damage.found(new CorruptFileException(file, at, "a readable block", unreadable.toString()));
    }
    return copy;
  }

  /**
   * Does nothing while no damage is known.
   *
   * @throws UncheckedIOException of a {@link CorruptFileException}
   */
  public void throwDamage() {
    damage.throwIfFound();
  }

  /** Blocks that were read so far. */
  public int blocksRead() {
    return checked.length - left.get();
  }

  /** Bytes on the heap. */
  public long heapBytes() {
    return 128 + checked.length;
  }
}
