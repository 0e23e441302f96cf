package dev.eddy.engine.sparse;

import dev.eddy.engine.kernel.KernelSelector;
import dev.eddy.engine.kernel.ScanKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Through a list of a {@link PostingRun}. */
final class RunCursor implements ListCursor {
  private static final ScanKernels KERNELS = KernelSelector.scanKernels();
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int HEAD_BYTES = 8;

  private final MemorySegment list;
  private final int windows;
  private final int perCode;
  private final int perEntry;
  private final Scratch scratch;
  private int window = -1;
  private int start;
  private int head;
  private long at;
  private int end;

  /** Where the window began. */
  private int enteredWindow;

  private long enteredAt;

  /** Where entries are copied to, to be added up from there; shared by the cursors of a search. */
  static final class Scratch {
    private final short[] places = new short[Windows.SLOTS];
    private final byte[] codes = new byte[Windows.SLOTS];
  }

  /**
   * @param perCode units that an entry adds for each step of its code
   * @param perEntry units that it adds beside, but in dense windows
   */
  RunCursor(MemorySegment list, int perCode, int perEntry, Scratch scratch) {
    this.list = list;
    this.windows = list.get(PostingRun.INT, 0);
    this.perCode = perCode;
    this.perEntry = perEntry;
    this.scratch = scratch;
    this.at = 4 + (long) windows * HEAD_BYTES;
    next();
  }

  private void next() {
    window++;
    if (window < windows) {
      long place = 4 + (long) window * HEAD_BYTES;
      start = list.get(PostingRun.INT, place) << Windows.BITS;
      head = list.get(PostingRun.INT, place + 4);
    } else {
      start = NO_SLOT;
    }
  }

  static int head(int entries, int largestCode, boolean isDense) {
    return entries | largestCode << 16 | (isDense ? 1 << 31 : 0);
  }

  static int sparseBytes(int entries) {
    return (3 * entries + 3) / 4 * 4;
  }

  private int entries() {
    return head & 0xffff;
  }

  private boolean isDense() {
    return head < 0;
  }

  /** That of the window, which may be before the first that has an entry. */
  @Override
  public int firstSlot() {
    return start;
  }

  @Override
  public void enter(int windowEnd) {
    end = windowEnd;
    enteredWindow = window;
    enteredAt = at;
  }

  private void enterAgain() {
    window = enteredWindow - 1;
    at = enteredAt;
    next();
  }

  @Override
  public int most() {
    int most = 0;
    long place = 4 + (long) window * HEAD_BYTES;
    for (int i = window; i < windows; i++) {
      if (list.get(PostingRun.INT, place) << Windows.BITS >= end) {
        break;
      }
      int largest = list.get(PostingRun.INT, place + 4) >>> 16 & 0xff;
      most = Math.max(most, perEntry + perCode * (perCode > 0 ? largest : 1));
      place += HEAD_BYTES;
    }
    return most;
  }

  @Override
  public int addTo(int[] sums, int first) {
    enterAgain();
    int added = 0;
    while (start < end) {
      int entries = entries();
      if (isDense()) {
        KERNELS.addProducts(sums, start - first, list, at, Windows.SLOTS, perCode);
      } else {
        addEntries(sums, start - first, entries);
      }
      added += entries;
      leaveWindow();
    }
    return added;
  }

  private void addEntries(int[] sums, int from, int entries) {
    copy(entries);
    short[] places = scratch.places;
    byte[] codes = scratch.codes;
    int factor = perCode;
    int more = perEntry;
    for (int i = 0; i < entries; i++) {
      sums[from + places[i]] += factor * (codes[i] & 0xff) + more;
    }
  }

  private void copy(int entries) {
    MemorySegment.copy(list, SHORT, at, scratch.places, 0, entries);
    MemorySegment.copy(list, ValueLayout.JAVA_BYTE, at + 2L * entries, scratch.codes, 0, entries);
  }

  @Override
  public void touch(long[] touched, int first) {
    enterAgain();
    while (start < end) {
      int from = start - first;
      if (isDense()) {
        for (int i = 0; i < Windows.SLOTS; i++) {
          if (list.get(ValueLayout.JAVA_BYTE, at + i) != 0) {
            touched[(from + i) >>> 6] |= 1L << i;
          }
        }
      } else {
        int entries = entries();
        copy(entries);
        for (int i = 0; i < entries; i++) {
          int place = from + scratch.places[i];
          touched[place >>> 6] |= 1L << place;
        }
      }
      leaveWindow();
    }
  }

  private void leaveWindow() {
    at += isDense() ? Windows.SLOTS : sparseBytes(entries());
    next();
  }

  @Override
  public void leave() {
    while (start < end) {
      leaveWindow();
    }
  }
}
