package dev.eddy.engine.multi;

import java.util.Arrays;

/**
 * Whose rows are: the slot of each row's number. Numbers are given once and in ascending order.
 *
 * <p>Threading: owned by the shard's writer; readers use a {@link #view}, which is immutable.
 */
final class RowOwners {
  /** The slot of a number whose row is gone. */
  static final int NONE = -1;

  private static final int PAGE_SHIFT = 16;
  private static final int PAGE_ROWS = 1 << PAGE_SHIFT;

  private int[][] pages = new int[0][];
  private int count;

  /** Those of one moment. */
  static final class View {
    private final int[][] pages;
    private final int count;

    private View(int[][] pages, int count) {
      this.pages = pages;
      this.count = count;
    }

    /** The slot of a row, {@link RowOwners#NONE} where it is gone. */
    int of(int row) {
      return row < count ? pages[row >>> PAGE_SHIFT][row & (PAGE_ROWS - 1)] : NONE;
    }
  }

  /** The number that comes next. */
  int count() {
    return count;
  }

  /** The slot of a row, {@link #NONE} where it is gone. */
  int of(int row) {
    return row < count ? pages[row >>> PAGE_SHIFT][row & (PAGE_ROWS - 1)] : NONE;
  }

  /** Gives the next numbers, from the first on, to a slot; those left out are nobody's. */
  void append(int first, int rowCount, int slot) {
    while (count < first) {
      put(NONE);
    }
    for (int row = 0; row < rowCount; row++) {
      put(slot);
    }
  }

  private void put(int slot) {
    int page = count >>> PAGE_SHIFT;
    if (page == pages.length) {
      pages = Arrays.copyOf(pages, page + 1);
      pages[page] = new int[PAGE_ROWS];
    }
    pages[page][count & (PAGE_ROWS - 1)] = slot;
    count++;
  }

  /** Those given so far; it shares their pages, in which no number below its end changes. */
  View view() {
    return new View(pages, count);
  }

  long heapBytes() {
    return (long) pages.length * PAGE_ROWS * Integer.BYTES;
  }
}
