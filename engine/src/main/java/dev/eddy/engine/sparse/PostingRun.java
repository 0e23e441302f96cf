package dev.eddy.engine.sparse;

import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.engine.format.FileDamage;
import dev.eddy.engine.format.FileHeader;
import dev.eddy.engine.format.ReferenceCount;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The postings of a range of slots, in a mapped file that never changes: bounds of weights, a byte
 * each; the weights themselves are in the vectors. Kind {@code SPIX}, version 1, little endian.
 * What is behind the lists is checked when the file is opened, each list when it is first read.
 *
 * <pre>
 *   header      16 bytes, see {@link FileHeader}
 *   lists       one per index, ascending (unsigned), see below, with zeros up to the next multiple of 4
 *   directory   per list 32 bytes: index int32, entries int32, base float32, step float32,
 *               largest float32, crc32c int32 (of the list), position int64
 *   footer      40 bytes: directory's position int64, lists int32, first slot int32, end of slots
 *               int32, slots with a list int32, entries int64, reserved int32 0, crc32c int32 (of
 *               directory and footer up to here)
 *
 *   list        windows int32, then per window of 8192 slots that has an entry, ascending:
 *                 window int32, entries int32 (bits 0 to 15), largest code (bits 16 to 23), whether
 *                 it is dense (bit 31)
 *               then per window
 *                 dense: a code per slot (uint8), 0 = no entry
 *                 else: per entry the slot in the window (uint16), ascending, then per entry its
 *                 code (uint8), then zeros up to the next multiple of 4
 *
 *   A code is in [1, 255]: base + step * (code - 1) &lt;= weight &lt;= base + step * code. The base is
 *   0 where no weight is negative; only then are there dense windows.
 * </pre>
 *
 * <p>Thread-safe. The file stays mapped until nobody holds the run any more.
 */
final class PostingRun {
  private static final Logger log = LoggerFactory.getLogger(PostingRun.class);

  static final int KIND = FileHeader.fourLetters("SPIX");
  static final int VERSION = 1;
  static final int ENTRY_BYTES = 32;
  static final int FOOTER_BYTES = 40;

  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final MemorySegment bytes;
  private final long directory;
  private final int lists;
  private final int from;
  private final int to;
  private final int slots;
  private final long entries;

  /** Lists that were checked, a bit each; two threads may check the same one. */
  private final long[] checked;

  private volatile boolean isDamaged;

  /** Who needs the file beside readers, who have it mapped. */
  private final ReferenceCount references = new ReferenceCount(this::delete);

  private PostingRun(Path file, MemorySegment bytes, long directory, Footer footer) {
    this.file = file;
    this.bytes = bytes;
    this.directory = directory;
    this.lists = footer.lists;
    this.from = footer.from;
    this.to = footer.to;
    this.slots = footer.slots;
    this.entries = footer.entries;
    this.checked = new long[(lists >>> 6) + 1];
  }

  private record Footer(int lists, int from, int to, int slots, long entries) {}

  /**
   * Maps a file.
   *
   * @throws CorruptFileException when it is missing or its directory is not what was written
   */
  static PostingRun open(Path file) throws IOException {
    MemorySegment bytes;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
    } catch (NoSuchFileException missing) {
      throw new CorruptFileException(file, 0, "postings", "no file");
    }
    long size = bytes.byteSize();
    if (size < FileHeader.BYTES + FOOTER_BYTES) {
      throw new CorruptFileException(file, size, "a header and a footer", size + " bytes");
    }
    int[] header = {FileHeader.MAGIC, KIND, VERSION, 0};
    for (int i = 0; i < header.length; i++) {
      expect(file, 4L * i, header[i], bytes.get(INT, 4L * i));
    }
    long footer = size - FOOTER_BYTES;
    long directory = bytes.get(LONG, footer);
    int lists = bytes.get(INT, footer + 8);
    if (lists < 0 || directory < 0 || directory != footer - (long) lists * ENTRY_BYTES) {
      throw new CorruptFileException(
          file, footer, "a directory before the footer", lists + " lists at " + directory);
    }
    expect(
        file,
        size - 4,
        crc(bytes.asSlice(directory, size - 4 - directory)),
        bytes.get(INT, size - 4));
    return new PostingRun(
        file,
        bytes,
        directory,
        new Footer(
            lists,
            bytes.get(INT, footer + 12),
            bytes.get(INT, footer + 16),
            bytes.get(INT, footer + 20),
            bytes.get(LONG, footer + 24)));
  }

  /**
   * Maps a file that a checkpoint tells of.
   *
   * @throws CorruptFileException when it is missing or another one too
   */
  static PostingRun open(Path file, SparseManifest.Run stored) throws IOException {
    PostingRun run = open(file);
    SparseManifest.Run found =
        new SparseManifest.Run(stored.name(), run.from, run.to, run.bytes(), run.crc());
    if (!found.equals(stored)) {
      throw new CorruptFileException(file, 0, stored.toString(), found.toString());
    }
    return run;
  }

  private static void expect(Path file, long at, int expected, int found)
      throws CorruptFileException {
    if (found != expected) {
      throw new CorruptFileException(file, at, "%08x".formatted(expected), "%08x".formatted(found));
    }
  }

  static int crc(MemorySegment part) {
    CRC32C sum = new CRC32C();
    sum.update(part.asByteBuffer());
    return (int) sum.getValue();
  }

  int lists() {
    return lists;
  }

  /** CRC32C of directory and footer, which has those of the lists in it. */
  int crc() {
    return bytes.get(INT, bytes.byteSize() - 4);
  }

  void retain() {
    references.retain();
  }

  /** The last one deletes the file; a damaged one is left for somebody to look at. */
  void release() {
    references.release();
  }

  private void delete() {
    try {
      if (isDamaged) {
        FileDamage.setAside(file);
      } else {
        Files.deleteIfExists(file);
      }
    } catch (IOException failure) {
      // The live folder is scratch and emptied at the next start.
      log.warn("event=file-delete-failed file={} reason=\"{}\"", file, failure.toString());
    }
  }

  Path file() {
    return file;
  }

  /** The first slot of the range. */
  int from() {
    return from;
  }

  /** One behind the last slot of the range. */
  int to() {
    return to;
  }

  /** Slots that have an entry. */
  int slots() {
    return slots;
  }

  long entries() {
    return entries;
  }

  long bytes() {
    return bytes.byteSize();
  }

  /** Bytes on the heap. */
  long heapBytes() {
    return 128 + 8L * checked.length;
  }

  /** Whether a list was not what was written: nothing of this file is to be believed. */
  boolean isDamaged() {
    return isDamaged;
  }

  /** Reads every page once, so that searches find them in memory. */
  void load() {
    bytes.load();
  }

  /** Number of an index's list, or -1. */
  int find(int index) {
    int low = 0;
    int high = lists - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Integer.compareUnsigned(bytes.get(INT, entry(middle)), index);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  private long entry(int list) {
    return directory + (long) list * ENTRY_BYTES;
  }

  int entries(int list) {
    return bytes.get(INT, entry(list) + 4);
  }

  float base(int list) {
    return bytes.get(FLOAT, entry(list) + 8);
  }

  float step(int list) {
    return bytes.get(FLOAT, entry(list) + 12);
  }

  float largest(int list) {
    return bytes.get(FLOAT, entry(list) + 16);
  }

  /** The bytes of a list; null when they are not what was written. */
  @Nullable MemorySegment list(int list) {
    long at = bytes.get(LONG, entry(list) + 24);
    long end = list + 1 == lists ? directory : bytes.get(LONG, entry(list + 1) + 24);
    MemorySegment part = bytes.asSlice(at, end - at);
    if ((checked[list >>> 6] & 1L << list) == 0) {
      int expected = bytes.get(INT, entry(list) + 20);
      int found = crc(part);
      if (found != expected) {
        if (!isDamaged) {
          log.error(
              "event=sparse-index-damaged file={} position={} expected={} found={} effect=\"made"
                  + " again from the vectors\"",
              file,
              at,
              expected,
              found);
        }
        isDamaged = true;
        return null;
      }
      checked[list >>> 6] |= 1L << list;
    }
    return part;
  }
}
