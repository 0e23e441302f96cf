package dev.eddy.engine.multi;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Whose rows are: the slot of each row's number. Numbers are given once and in ascending order;
 * pages of them whose rows are all gone take no memory.
 *
 * <p>Threading: owned by the shard's writer; readers use a {@link #view}, which is immutable.
 */
final class RowOwners {
  /** The slot of a number whose row is gone. */
  static final int NONE = -1;

  static final int PAGE_SHIFT = 16;
  private static final int PAGE_ROWS = 1 << PAGE_SHIFT;

  /** Shared with views: copied before an entry of it changes. */
  private int[] @Nullable [] pages = new int[0][];

  /** Rows of each page that are not gone. */
  private int[] live = new int[0];

  private int count;

  /** Those of one moment. */
  static final class View {
    private final int[] @Nullable [] pages;
    private final int count;

    private View(int[] @Nullable [] pages, int count) {
      this.pages = pages;
      this.count = count;
    }

    /** The slot of a row, {@link RowOwners#NONE} where it is gone. */
    int of(int row) {
      return row < count ? RowOwners.of(pages, row) : NONE;
    }
  }

  /** The number that comes next. */
  int count() {
    return count;
  }

  /** The slot of a row; {@link #NONE} where it is gone, or the slot still where others are not. */
  int of(int row) {
    return row < count ? of(pages, row) : NONE;
  }

  private static int of(int[] @Nullable [] pages, int row) {
    int[] page = pages[row >>> PAGE_SHIFT];
    return page == null ? NONE : page[row & (PAGE_ROWS - 1)];
  }

  /** Gives the next numbers, from the first on, to a slot; those left out are nobody's. */
  void append(int first, int rowCount, int slot) {
    while (count < first) {
      if ((count & (PAGE_ROWS - 1)) == 0 && first - count >= PAGE_ROWS) {
        grow();
        count += PAGE_ROWS;
      } else {
        put(NONE);
      }
    }
    for (int row = 0; row < rowCount; row++) {
      put(slot);
    }
  }

  private void grow() {
    pages = Arrays.copyOf(pages, pages.length + 1);
    live = Arrays.copyOf(live, pages.length);
  }

  private void put(int slot) {
    int number = count >>> PAGE_SHIFT;
    if (number == pages.length) {
      grow();
      pages[number] = new int[PAGE_ROWS]; // Of a directory that no view has.
    }
    int[] page = pages[number];
    if (page != null) {
      page[count & (PAGE_ROWS - 1)] = slot;
    }
    live[number] += slot == NONE ? 0 : 1;
    count++;
    dropIfGone(number);
  }

  /** The rows of a slot are gone: those from the first on, once. */
  void noteDead(int first, int rowCount) {
    for (int row = first; row < first + rowCount; row++) {
      live[row >>> PAGE_SHIFT]--;
      dropIfGone(row >>> PAGE_SHIFT);
    }
  }

  /** Drops a page that no number will be put in any more. */
  private void dropIfGone(int number) {
    if (live[number] == 0 && count >= (number + 1L) << PAGE_SHIFT && pages[number] != null) {
      pages = pages.clone();
      pages[number] = null;
    }
  }

  /** Those given so far; it shares their pages, in which no number below its end changes. */
  View view() {
    return new View(pages, count);
  }

  long heapBytes() {
    long bytes = 0;
    for (int[] page : pages) {
      bytes += page == null ? 0 : (long) PAGE_ROWS * Integer.BYTES;
    }
    return bytes;
  }
}
