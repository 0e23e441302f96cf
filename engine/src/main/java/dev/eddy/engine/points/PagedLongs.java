package dev.eddy.engine.points;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Longs by slot, in pages: appended by one writer, changed in place, and seen by readers through
 * frozen views.
 *
 * <p>Threading: one writer; a {@link View} is safe from any thread once it was published safely.
 *
 * <p>Invariant: what a view can see is never written again; a page that a view shares is copied
 * before its first change. Entries at or above a view's size are not its business.
 */
public final class PagedLongs {
  static final int PAGE_BITS = 12;
  static final int PAGE_SIZE = 1 << PAGE_BITS;

  /** Entries that the first page begins with: there are many shards with few points. */
  static final int FIRST_PAGE_SIZE = 64;

  private static final int MASK = PAGE_SIZE - 1;

  private long[] @Nullable [] pages = new long[4][];
  private int[] pageEpochs = new int[4];
  private boolean directoryShared;
  private int epoch;
  private int size;
  private int frozenSize;

  /** An immutable look at the first {@code size} entries. */
  public static final class View {
    private final long[] @Nullable [] pages;

    private View(long[] @Nullable [] pages) {
      this.pages = pages;
    }

    /** The entry; 0 when it was passed over or its page dropped. */
    public long get(int index) {
      return PagedLongs.get(pages, index);
    }
  }

  public int size() {
    return size;
  }

  /** The entry; 0 when it was passed over or its page dropped. */
  public long get(int index) {
    return get(pages, index);
  }

  private static long get(long[] @Nullable [] pages, int index) {
    long[] page = pages[index >>> PAGE_BITS];
    int at = index & MASK;
    return page == null || at >= page.length ? 0 : page[at];
  }

  /** Passes over an entry that nobody will ask for; costs no page when all of one is passed. */
  public void skip() {
    growTo(size >>> PAGE_BITS);
    size++;
  }

  private void growTo(int number) {
    if (number >= pages.length) {
      pages = Arrays.copyOf(pages, number * 2);
      pageEpochs = Arrays.copyOf(pageEpochs, number * 2);
      directoryShared = false;
    }
  }

  public void append(long value) {
    int number = size >>> PAGE_BITS;
    growTo(number);
    long[] page = pages[number];
    int index = size & MASK;
    if (page == null) {
      // No view reaches a page that begins at or above its size, so the directory may be shared.
      page = new long[number == 0 ? capacityFor(index) : PAGE_SIZE];
      pages[number] = page;
      pageEpochs[number] = epoch;
    } else if (index >= page.length) {
      ownDirectory();
      page = Arrays.copyOf(page, capacityFor(index));
      pages[number] = page;
      pageEpochs[number] = epoch;
    }
    page[index] = value;
    size++;
  }

  /** Entries of a page that has this one: the next power of two. */
  static int capacityFor(int index) {
    return Integer.highestOneBit(Math.max(FIRST_PAGE_SIZE - 1, index)) << 1;
  }

  public void set(int index, long value) {
    int number = index >>> PAGE_BITS;
    long[] page = pages[number];
    if (page == null) {
      throw new IllegalStateException("page of slot " + index + " was dropped");
    }
    if (index < frozenSize && pageEpochs[number] != epoch) {
      ownDirectory();
      page = page.clone();
      pages[number] = page;
      pageEpochs[number] = epoch;
    }
    page[index & MASK] = value;
  }

  /** Lets go of a page whose slots are all dead. */
  void dropPage(int number) {
    ownDirectory();
    pages[number] = null;
  }

  /** What readers see from here on. */
  public View freeze() {
    epoch++;
    directoryShared = true;
    frozenSize = size;
    return new View(pages);
  }

  private void ownDirectory() {
    if (directoryShared) {
      pages = pages.clone();
      directoryShared = false;
    }
  }

  /** Bytes on the heap, the writer's current pages only. */
  public long memoryBytes() {
    long bytes = 0;
    for (long[] page : pages) {
      bytes += page == null ? 4 : 8L * page.length + 20;
    }
    return bytes;
  }
}
