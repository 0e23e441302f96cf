package dev.eddy.engine.column;

import dev.eddy.engine.format.CheckedBlocks;
import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.engine.format.FileDamage;
import dev.eddy.engine.format.FileHeader;
import dev.eddy.engine.format.MappedChecksum;
import dev.eddy.engine.format.ReferenceCount;
import dev.eddy.engine.kernel.ElementType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entries of a range of slots in a mapped file, which is written once. Kind {@code COLM},
 * version 2 of floats, version 4 of numbers that take less, little endian.
 *
 * <pre>
 *   header       16 bytes, see {@link FileHeader}
 *   intsPerUnit  int32
 *   floatsPerUnit int32
 *   stride       int32     numbers that a unit takes, the rest is 0
 *   element type int32     {@link ElementType#code} of numbers; 0, floats, in version 2
 *   reserved     32 bytes  0
 *   data         per entry units * intsPerUnit int32, units * stride numbers, by ascending slots
 *   starts       per slot of the range int32: units before its entry (bits 0 to 30), whether it has
 *                one (bit 31); then all units, int32
 *   blocks       int32 per 64 KiB of the data, the last one may be shorter: its CRC32C
 *   footer       32 bytes: first slot int32, end of slots int32, entries int32, units int32, reserved
 *                int64 0, crc32c int32 (of header, starts, blocks and footer up to here), magic int32
 * </pre>
 *
 * <p>All but the data is read and checked when it is opened, each block of the data when it is
 * first needed, see {@link CheckedBlocks}; a start passes over checkpoints with a file that was
 * found damaged before.
 *
 * <p>Thread-safe. The file stays mapped until nobody holds the run any more.
 */
final class ColumnRun {
  private static final Logger log = LoggerFactory.getLogger(ColumnRun.class);

  static final int VERSION_FLOAT32 = 2;
  static final int VERSION_NARROW = 4;
  static final int HEADER_BYTES = 64;
  static final int FOOTER_BYTES = 32;

  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final ColumnSettings settings;
  private final Path file;
  private final MemorySegment bytes;
  private final int from;
  private final int to;
  private final int entries;
  private final int units;
  private final long starts;
  private final CheckedBlocks data;

  /** Who needs the file beside readers, who have it mapped. */
  private final ReferenceCount references = new ReferenceCount(this::delete);

  private ColumnRun(
      ColumnSettings settings, FileDamage known, Path file, MemorySegment bytes, long footer) {
    this.settings = settings;
    this.file = file;
    this.bytes = bytes;
    this.from = bytes.get(INT, footer);
    this.to = bytes.get(INT, footer + 4);
    this.entries = bytes.get(INT, footer + 8);
    this.units = bytes.get(INT, footer + 12);
    this.starts = HEADER_BYTES + dataBytes();
    long sums = starts + Integer.BYTES * (to - from + 1L);
    CheckedBlocks.Layout blocks =
        new CheckedBlocks.Layout(HEADER_BYTES, starts, sums, CheckedBlocks.STRETCH_BYTES);
    this.data = new CheckedBlocks(known, file, bytes, blocks);
  }

  /**
   * Maps a file, and checks all but its data; of one that was found damaged before all. Files of
   * builds before have floats, whatever is kept as now.
   *
   * @param wanted how entries look
   * @throws CorruptFileException when it is missing or not what was written
   */
  static ColumnRun open(Path file, ColumnSettings wanted, FileDamage damage) throws IOException {
    MemorySegment bytes;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
    } catch (NoSuchFileException missing) {
      throw new CorruptFileException(file, 0, "a column's file", "no file");
    }
    long size = bytes.byteSize();
    if (size < HEADER_BYTES + FOOTER_BYTES) {
      throw new CorruptFileException(file, size, "a header and a footer", size + " bytes");
    }
    boolean isOfFloats = bytes.get(INT, 8) == VERSION_FLOAT32;
    ColumnSettings settings = isOfFloats ? wanted.ofFloats() : wanted;
    int[] header = header(settings);
    for (int i = 0; i < header.length; i++) {
      expect(file, 4L * i, header[i], bytes.get(INT, 4L * i));
    }
    expect(file, size - 4, FileHeader.MAGIC, bytes.get(INT, size - 4));
    long footer = size - FOOTER_BYTES;
    int from = bytes.get(INT, footer);
    int to = bytes.get(INT, footer + 4);
    int units = bytes.get(INT, footer + 12);
    long data = (long) units * settings.unitBytes();
    long end =
        HEADER_BYTES
            + data
            + 4 * (to - from + 1L)
            + 4 * CheckedBlocks.count(data, CheckedBlocks.STRETCH_BYTES);
    if (from < 0 || to < from || units < 0 || end != footer) {
      throw new CorruptFileException(
          file,
          footer,
          "a footer at " + end,
          "%d units of slots %d to %d".formatted(units, from, to));
    }
    expect(file, size - 8, crc(file, bytes, HEADER_BYTES + data), bytes.get(INT, size - 8));
    ColumnRun run = new ColumnRun(settings, damage, file, bytes, footer);
    run.checkStarts();
    if (damage.isSuspect(String.valueOf(file.getFileName()))) {
      run.checkSuspect();
    }
    return run;
  }

  /** What a file of such entries begins with; the rest of the header is 0. */
  static int[] header(ColumnSettings settings) {
    return new int[] {
      FileHeader.MAGIC,
      ChunkFile.KIND,
      settings.isNarrow() ? VERSION_NARROW : VERSION_FLOAT32,
      0,
      settings.intsPerUnit(),
      settings.floatsPerUnit(),
      settings.stride(),
      settings.elementType().code()
    };
  }

  private static void expect(Path file, long at, int expected, int found)
      throws CorruptFileException {
    if (found != expected) {
      throw new CorruptFileException(file, at, "%08x".formatted(expected), "%08x".formatted(found));
    }
  }

  /** Of all but the data. */
  private static int crc(Path file, MemorySegment bytes, long afterData) throws IOException {
    MappedChecksum sum = new MappedChecksum(file, bytes);
    sum.add(0, HEADER_BYTES);
    sum.add(afterData, bytes.byteSize() - 8);
    return sum.value();
  }

  /** So that no slot leads out of the data, whoever wrote the file. */
  private void checkStarts() throws CorruptFileException {
    int before = 0;
    int found = 0;
    for (int i = 0; i <= to - from; i++) {
      int start = bytes.get(INT, starts + 4L * i);
      int first = start & Integer.MAX_VALUE;
      if (first < before || first > units) {
        throw new CorruptFileException(
            file,
            starts + 4L * i,
            "units from %d to %d".formatted(before, units),
            String.valueOf(first));
      }
      before = first;
      found += start < 0 ? 1 : 0;
    }
    if (found != entries || before != units) {
      throw new CorruptFileException(
          file,
          starts,
          "%d entries, %d units".formatted(entries, units),
          "%d and %d".formatted(found, before));
    }
  }

  private void checkSuspect() throws IOException {
    FileDamage.reading(this::checkAll);
  }

  /** How the file's own entries look. */
  ColumnSettings settings() {
    return settings;
  }

  Path file() {
    return file;
  }

  /** What a manifest says of it. */
  StoredRun stored() {
    return new StoredRun(
        String.valueOf(file.getFileName()),
        from,
        to,
        entries,
        bytes.byteSize(),
        bytes.get(INT, bytes.byteSize() - 8));
  }

  /** The first slot of the range. */
  int from() {
    return from;
  }

  /** One behind the last slot of the range. */
  int to() {
    return to;
  }

  /** Units of all entries. */
  int units() {
    return units;
  }

  long dataBytes() {
    return (long) units * settings.unitBytes();
  }

  long bytes() {
    return bytes.byteSize();
  }

  long heapBytes() {
    return 128 + data.heapBytes();
  }

  /** A slot of the range. */
  boolean contains(int slot) {
    return bytes.get(INT, starts + 4L * (slot - from)) < 0;
  }

  /** Units of a slot of the range; 0 when there is no entry, too. */
  int unitsOf(int slot) {
    return (bytes.get(INT, starts + 4L * (slot - from + 1)) & Integer.MAX_VALUE)
        - (bytes.get(INT, starts + 4L * (slot - from)) & Integer.MAX_VALUE);
  }

  /** Puts the entry of a slot of the range in reach, unread; false when there is none. */
  boolean find(int slot, ColumnEntry entry) {
    int start = bytes.get(INT, starts + 4L * (slot - from));
    if (start >= 0) {
      return false;
    }
    long first = start & Integer.MAX_VALUE;
    entry.point(this, HEADER_BYTES + first * settings.unitBytes(), unitsOf(slot));
    return true;
  }

  /**
   * The file, of which these bytes of the data are as they were written.
   *
   * @throws UncheckedIOException when they are not
   */
  MemorySegment checked(long position, long length) {
    data.check(position, length);
    return bytes;
  }

  /** As of {@link CheckedBlocks#throwDamage}. */
  void throwDamage() {
    data.throwDamage();
  }

  /**
   * Reads and checks everything.
   *
   * @throws UncheckedIOException when it is not as it was written
   */
  void checkAll() {
    data.checkAll();
  }

  /** The same, so that searches find it in memory; who needs it finds the damage, if there is. */
  void load() {
    if (references.isReleased()) {
      return;
    }
    try {
      checkAll();
    } catch (UncheckedIOException known) {
      log.debug("event=read-ahead-ended file={}", file, known);
    }
  }

  /** Blocks that were read so far, for tests. */
  int blocksRead() {
    return data.blocksRead();
  }

  void retain() {
    references.retain();
  }

  /** The last one deletes the file. */
  void release() {
    references.release();
  }

  private void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failure) {
      // The live folder is scratch and emptied at the next start.
      log.warn("event=file-delete-failed file={} reason=\"{}\"", file, failure.toString());
    }
  }

  /** The number of the one whose range has the slot, of some by ascending slots; -1 = none. */
  static int find(int slot, ColumnRun[] runs) {
    int low = 0;
    int high = runs.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      ColumnRun run = runs[middle];
      if (slot < run.from) {
        high = middle - 1;
      } else if (slot >= run.to) {
        low = middle + 1;
      } else {
        return middle;
      }
    }
    return -1;
  }
}
