package dev.eddy.engine.column;

import dev.eddy.engine.format.CheckedBlocks;
import dev.eddy.engine.format.ChecksummedWriter;
import dev.eddy.engine.format.FileHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;

/** Writes the live entries of a range of slots into sealed files. One thread, one use. */
final class RunWriter {
  /** Data of a file, but for a longer entry: what is made again at once stays small. */
  static final long DATA_BYTES_MAX = 1L << 28;

  /** The table of slots is 16 MiB then. */
  private static final int SLOTS_MAX = 1 << 22;

  private static final int CANCEL_SLOTS = 1 << 12;

  private final ColumnView column;
  private final BitSet dead;
  private final BooleanSupplier isCancelled;
  private final ColumnEntry entry = new ColumnEntry();
  private int[] starts = new int[1 << 10];

  /**
   * @param dead slots that are left out
   * @param isCancelled asked now and then: then a {@link CancellationException} ends it
   */
  RunWriter(ColumnView column, BitSet dead, BooleanSupplier isCancelled) {
    this.column = column;
    this.dead = dead;
    this.isCancelled = isCancelled;
  }

  /**
   * What was written of a range.
   *
   * @param next the first slot that is left to others
   * @param to the end of the slots that the file tells of: behind the last one that lives
   */
  private record Written(int next, int to, int entries, int units) {}

  /**
   * Writes files, forced to disk; none where nothing lives. A failure leaves none.
   *
   * @return open, ascending, of as many slots as hold what fits into a file
   */
  List<ColumnRun> write(ColumnHome home, FileNumbers numbers, int from, int to) throws IOException {
    List<ColumnRun> runs = new ArrayList<>();
    Path file = null;
    try {
      for (int at = nextLive(from, to); at < to; at = nextLive(at, to)) {
        file = home.folder().resolve(numbers.next(column.settings().fileStem()));
        Files.deleteIfExists(file);
        at = write(file, at, to);
        runs.add(ColumnRun.open(file, column.settings(), home.damage()));
      }
      return runs;
    } catch (IOException | RuntimeException | Error failed) {
      runs.forEach(ColumnRun::release);
      if (file != null) {
        Files.deleteIfExists(file);
      }
      throw failed;
    }
  }

  private int nextLive(int from, int to) {
    int slot = dead.nextClearBit(from);
    while (slot < to && !find(slot)) {
      checkCancelled(slot);
      slot = dead.nextClearBit(slot + 1);
    }
    return Math.min(slot, to);
  }

  private void checkCancelled(int slot) {
    if ((slot & CANCEL_SLOTS - 1) == 0 && isCancelled.getAsBoolean()) {
      throw new CancellationException();
    }
  }

  private boolean find(int slot) {
    return !dead.get(slot) && column.find(slot, entry);
  }

  /** One file from a live slot on; returns the first slot that is left to others. */
  private int write(Path file, int from, int to) throws IOException {
    ColumnSettings settings = column.settings();
    try (ChecksummedWriter out = new ChecksummedWriter(file)) {
      byte[] header = header(settings);
      out.putBytes(header);
      out.beginBlocks(CheckedBlocks.STRETCH_BYTES);
      Written written = writeData(out, from, to);
      int[] sums = out.endBlocks();
      int slots = written.to - from;
      ByteBuffer rest =
          ByteBuffer.allocate(
                  Math.addExact(
                      Math.multiplyExact(4, slots + 1 + sums.length), ColumnRun.FOOTER_BYTES))
              .order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i <= slots; i++) {
        rest.putInt(starts[i]);
      }
      for (int sum : sums) {
        rest.putInt(sum);
      }
      rest.putInt(from).putInt(written.to).putInt(written.entries).putInt(written.units);
      rest.putLong(0);
      CRC32C crc = new CRC32C();
      crc.update(header);
      crc.update(rest.array(), 0, rest.position());
      rest.putInt((int) crc.getValue()).putInt(FileHeader.MAGIC);
      out.putBytes(rest.array());
      out.force();
      return written.next;
    }
  }

  private static byte[] header(ColumnSettings settings) {
    ByteBuffer header = ByteBuffer.allocate(ColumnRun.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int number : ColumnRun.header(settings)) {
      header.putInt(number);
    }
    return header.array();
  }

  private Written writeData(ChecksummedWriter out, int from, int to) throws IOException {
    ColumnSettings settings = column.settings();
    long unitsMax = DATA_BYTES_MAX / settings.unitBytes();
    int entries = 0;
    int units = 0;
    int end = from;
    int slot = from;
    for (; slot < to; slot++) {
      checkCancelled(slot);
      boolean isThere = find(slot);
      if (isThere
          && entries > 0
          && (units + (long) entry.units() > unitsMax || slot - from >= SLOTS_MAX)) {
        break;
      }
      if (slot - from >= SLOTS_MAX) {
        continue; // Nothing of the file lives here.
      }
      put(slot - from, isThere ? units | Integer.MIN_VALUE : units);
      if (isThere) {
        entry.putTo(out, settings);
        units += entry.units();
        entries++;
        end = slot + 1;
      }
    }
    put(end - from, units);
    return new Written(slot, end, entries, units);
  }

  private void put(int at, int start) {
    if (at >= starts.length) {
      starts = Arrays.copyOf(starts, at * 2);
    }
    starts[at] = start;
  }
}
