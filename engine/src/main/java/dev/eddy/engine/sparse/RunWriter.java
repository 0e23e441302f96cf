package dev.eddy.engine.sparse;

import dev.eddy.engine.column.ColumnEntry;
import dev.eddy.engine.column.ColumnView;
import dev.eddy.engine.format.ChecksummedWriter;
import dev.eddy.engine.format.FileHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;

/**
 * Writes a {@link PostingRun} from the vectors of a range of slots: counts the entries of each
 * index, then collects the lists of as many indices at a time as fit its memory. One thread, one
 * use.
 */
final class RunWriter {
  /** Entries that are collected at once: 32 MiB. */
  private static final int COLLECTED_MAX = 1 << 22;

  /**
   * A window is dense from so many entries: adding eight of its codes takes as long as an entry.
   */
  private static final int DENSE_MIN = Windows.SLOTS / 8;

  private static final int CODE_MAX = 255;

  private final ColumnView column;
  private final BitSet dead;
  private final BooleanSupplier isCancelled;
  private final int from;
  private final int to;
  private final ColumnEntry entry = new ColumnEntry();
  private final IndexNumbers numbers = new IndexNumbers();
  private int[] counts = new int[64];
  private int slots;
  private long entries;

  /**
   * @param dead slots that are left out, where they are known
   * @param isCancelled asked now and then: then a {@link CancellationException} ends it
   */
  RunWriter(ColumnView column, BitSet dead, int from, int to, BooleanSupplier isCancelled) {
    this.column = column;
    this.dead = dead;
    this.isCancelled = isCancelled;
    this.from = from;
    this.to = to;
  }

  private boolean find(int slot) {
    if (isCancelled.getAsBoolean()) {
      throw new CancellationException();
    }
    return !dead.get(slot) && column.find(slot, entry);
  }

  /** Writes the file, which must not exist, and forces it to disk. */
  void write(Path file) throws IOException {
    count();
    int[] sorted = numbers.sorted();
    try (ChecksummedWriter out = new ChecksummedWriter(file)) {
      FileHeader.write(out, PostingRun.KIND, PostingRun.VERSION);
      ByteBuffer directory =
          ByteBuffer.allocate(
                  Math.addExact(
                      Math.multiplyExact(sorted.length, PostingRun.ENTRY_BYTES),
                      PostingRun.FOOTER_BYTES))
              .order(ByteOrder.LITTLE_ENDIAN);
      int done = 0;
      while (done < sorted.length) {
        int end = done;
        int collected = 0;
        while (end < sorted.length
            && (end == done || collected + counts[sorted[end]] <= COLLECTED_MAX)) {
          collected += counts[sorted[end++]];
        }
        writeLists(out, directory, Arrays.copyOfRange(sorted, done, end), collected);
        done = end;
      }
      long at = out.length();
      directory.putLong(at).putInt(sorted.length).putInt(from).putInt(to).putInt(slots);
      directory.putLong(entries).putInt(0);
      CRC32C crc = new CRC32C();
      crc.update(directory.array(), 0, directory.position());
      directory.putInt((int) crc.getValue());
      out.putBytes(directory.array());
      out.force();
    }
  }

  private void count() {
    for (int slot = from; slot < to; slot++) {
      if (find(slot)) {
        for (int at = entry.from(); at < entry.to(); at++) {
          int number = numbers.add(entry.ints()[at]);
          if (number == counts.length) {
            counts = Arrays.copyOf(counts, number * 2);
          }
          counts[number]++;
        }
        slots += entry.units() > 0 ? 1 : 0;
        entries += entry.units();
      }
    }
  }

  private void writeLists(ChecksummedWriter out, ByteBuffer directory, int[] some, int collected)
      throws IOException {
    int[] starts = new int[numbers.size()];
    Arrays.fill(starts, -1);
    int sum = 0;
    for (int number : some) {
      starts[number] = sum;
      sum += counts[number];
    }
    int[] at = starts.clone();
    int[] listSlots = new int[collected];
    float[] weights = new float[collected];
    for (int slot = from; slot < to; slot++) {
      if (find(slot)) {
        for (int i = entry.from(); i < entry.to(); i++) {
          int number = numbers.find(entry.ints()[i]);
          if (starts[number] >= 0) {
            listSlots[at[number]] = slot;
            weights[at[number]++] = entry.floats()[i];
          }
        }
      }
    }
    for (int number : some) {
      int start = starts[number];
      writeList(
          out, directory, numbers.index(number), listSlots, weights, start, start + counts[number]);
    }
  }

  private static void writeList(
      ChecksummedWriter out,
      ByteBuffer directory,
      int index,
      int[] slots,
      float[] weights,
      int from,
      int to)
      throws IOException {
    float largest = Float.NEGATIVE_INFINITY;
    float smallest = Float.POSITIVE_INFINITY;
    for (int i = from; i < to; i++) {
      largest = Math.max(largest, weights[i]);
      smallest = Math.min(smallest, weights[i]);
    }
    float base = smallest < 0 ? smallest : 0;
    float step = step(base, largest);
    int windows = windows(slots, from, to);
    byte[] list = new byte[listBytes(slots, from, to, windows, base == 0)];
    ByteBuffer into = ByteBuffer.wrap(list).order(ByteOrder.LITTLE_ENDIAN).putInt(windows);
    int data = 4 + 8 * windows;
    for (int first = from; first < to; ) {
      int end = windowEnd(slots, first, to);
      boolean isDense = base == 0 && end - first >= DENSE_MIN;
      int window = slots[first] >>> Windows.BITS;
      int largestCode = 0;
      for (int i = first; i < end; i++) {
        int code = code(weights[i], base, step);
        largestCode = Math.max(largestCode, code);
        int place = slots[i] & (Windows.SLOTS - 1);
        if (isDense) {
          list[data + place] = (byte) code;
        } else {
          into.putShort(data + 2 * (i - first), (short) place);
          list[data + 2 * (end - first) + i - first] = (byte) code;
        }
      }
      into.putInt(window).putInt(RunCursor.head(end - first, largestCode, isDense));
      data += isDense ? Windows.SLOTS : RunCursor.sparseBytes(end - first);
      first = end;
    }
    CRC32C crc = new CRC32C();
    crc.update(list);
    directory.putInt(index).putInt(to - from).putFloat(base).putFloat(step).putFloat(largest);
    directory.putInt((int) crc.getValue()).putLong(out.length());
    out.putBytes(list);
  }

  private static int windowEnd(int[] slots, int first, int to) {
    int window = slots[first] >>> Windows.BITS;
    int end = first + 1;
    while (end < to && slots[end] >>> Windows.BITS == window) {
      end++;
    }
    return end;
  }

  private static int windows(int[] slots, int from, int to) {
    int windows = 0;
    for (int first = from; first < to; first = windowEnd(slots, first, to)) {
      windows++;
    }
    return windows;
  }

  private static int listBytes(int[] slots, int from, int to, int windows, boolean mayBeDense) {
    int bytes = 4 + 8 * windows;
    for (int first = from; first < to; ) {
      int end = windowEnd(slots, first, to);
      boolean isDense = mayBeDense && end - first >= DENSE_MIN;
      bytes = Math.addExact(bytes, isDense ? Windows.SLOTS : RunCursor.sparseBytes(end - first));
      first = end;
    }
    return bytes;
  }

  /** So that the largest code reaches the largest weight. */
  private static float step(float base, float largest) {
    float step = (float) (((double) largest - base) / CODE_MAX);
    while (Float.isFinite(step) && base + (double) step * CODE_MAX < largest) {
      step = Math.nextUp(step);
    }
    return step;
  }

  /** The least code whose bound is not below the weight. */
  static int code(float weight, float base, float step) {
    if (!(step > 0) || !Float.isFinite(step)) {
      return 1;
    }
    int code = (int) Math.clamp((long) Math.ceil(((double) weight - base) / step), 1, CODE_MAX);
    while (code < CODE_MAX && base + (double) step * code < weight) {
      code++;
    }
    while (code > 1 && base + (double) step * (code - 1) > weight) {
      code--;
    }
    return code;
  }
}
