package dev.eddy.engine.sparse;

import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * From an index to the slots that have it.
 *
 * <p>Threading: one writer; readers use a {@link View}. A list that is rewritten without its dead
 * entries is another object: views from before keep the one they saw.
 */
final class InvertedIndex {
  private static final int PAGE_BITS = 8;
  private static final int PAGE_SIZE = 1 << PAGE_BITS;

  /** What an index costs besides its list: an entry of the map and two boxed numbers. */
  private static final long NUMBER_BYTES = 80;

  /** Number of each index's list. Only ever added to. */
  private final ConcurrentHashMap<Integer, Integer> numbers = new ConcurrentHashMap<>();

  private @Nullable PostingList[] @Nullable [] pages = new PostingList[4][];
  private int[] epochs = new int[4];
  private boolean isDirectoryShared;
  private int epoch;
  private int count;
  private int frozenCount;
  private long heapBytes;

  /** Numbers of lists to be rewritten. */
  private final BitSet due = new BitSet();

  /** The lists of one moment. Safe from any thread. */
  static final class View {
    private final ConcurrentHashMap<Integer, Integer> numbers;
    private final @Nullable PostingList[] @Nullable [] pages;
    private final int count;

    private View(
        ConcurrentHashMap<Integer, Integer> numbers,
        @Nullable PostingList[] @Nullable [] pages,
        int count) {
      this.numbers = numbers;
      this.pages = pages;
      this.count = count;
    }

    /** The list of an index; it may hold entries of slots that this view does not know. */
    @Nullable PostingList list(int index) {
      Integer number = numbers.get(index);
      if (number == null || number >= count) {
        return null;
      }
      @Nullable PostingList[] page = pages[number >>> PAGE_BITS];
      return page == null ? null : page[number & (PAGE_SIZE - 1)];
    }
  }

  void append(int slot, int index, float weight) {
    Integer number = numbers.get(index);
    PostingList list = number == null ? newList(index) : list(number);
    long before = number == null ? 0 : list.heapBytes();
    list.append(slot, weight);
    heapBytes += list.heapBytes() - before;
  }

  private PostingList list(int number) {
    @Nullable PostingList[] page = pages[number >>> PAGE_BITS];
    PostingList list = page == null ? null : page[number & (PAGE_SIZE - 1)];
    if (list == null) {
      throw new IllegalStateException("no list of number " + number);
    }
    return list;
  }

  private PostingList newList(int index) {
    int number = count;
    int at = number >>> PAGE_BITS;
    if (at == pages.length) {
      pages = Arrays.copyOf(pages, at * 2);
      epochs = Arrays.copyOf(epochs, at * 2);
      isDirectoryShared = false;
    }
    @Nullable PostingList[] page = pages[at];
    if (page == null) {
      // No view reaches a page that begins at or above its count, so the directory may be shared.
      page = new PostingList[PAGE_SIZE];
      pages[at] = page;
      epochs[at] = epoch;
    }
    PostingList list = new PostingList();
    page[number & (PAGE_SIZE - 1)] = list;
    count++;
    // Readers find the number only when the list is in its place.
    numbers.put(index, number);
    return list;
  }

  /** A slot that has this index dies. */
  void noteDead(int index) {
    Integer number = numbers.get(index);
    if (number != null && list(number).noteDead()) {
      due.set(number);
    }
  }

  /**
   * Rewrites lists of which most is dead, until so many entries were read.
   *
   * @return whether there were any
   */
  boolean rewrite(int entries, IntPredicate isLive) {
    int read = 0;
    int number = due.nextSetBit(0);
    boolean wereAny = number >= 0;
    for (; number >= 0 && read < entries; number = due.nextSetBit(number + 1)) {
      PostingList list = list(number);
      PostingList fresh = list.rewritten(isLive);
      replace(number, fresh);
      heapBytes += fresh.heapBytes() - list.heapBytes();
      read += list.size();
      due.clear(number);
    }
    return wereAny;
  }

  private void replace(int number, PostingList list) {
    int at = number >>> PAGE_BITS;
    @Nullable PostingList[] page = pages[at];
    if (page == null) {
      throw new IllegalStateException("no page of number " + number);
    }
    if (number < frozenCount && epochs[at] != epoch) {
      if (isDirectoryShared) {
        pages = pages.clone();
        isDirectoryShared = false;
      }
      page = page.clone();
      pages[at] = page;
      epochs[at] = epoch;
    }
    page[number & (PAGE_SIZE - 1)] = list;
  }

  /** What readers see from here on. */
  View view() {
    epoch++;
    isDirectoryShared = true;
    frozenCount = count;
    return new View(numbers, pages, count);
  }

  /** Bytes on the heap, roughly. */
  long heapBytes() {
    return heapBytes + NUMBER_BYTES * count;
  }
}
