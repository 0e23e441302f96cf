package dev.eddy.engine.points;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One bit per slot: set = the slot is the present form of its point. In pages that are copied
 * before a change when a view shares them, and given up when all their slots are dead.
 *
 * <p>Threading: one writer; a {@link View} is safe from any thread once it was published safely.
 */
public final class LiveBits {
  private static final int PAGE_BITS = PagedLongs.PAGE_BITS;
  private static final int PAGE_SIZE = PagedLongs.PAGE_SIZE;
  private static final int WORDS = PAGE_SIZE / 64;

  private long[] @Nullable [] pages = new long[4][];
  private int[] pageEpochs = new int[4];
  private int[] liveOfPage = new int[4];
  private boolean directoryShared;
  private int epoch;
  private int live;
  private int slots;

  /** An immutable look. */
  public static final class View {
    private final long[] @Nullable [] pages;
    private final int live;
    private final int slots;

    private View(long[] @Nullable [] pages, int live, int slots) {
      this.pages = pages;
      this.live = live;
      this.slots = slots;
    }

    /** Number of live slots, that is of points. */
    public int live() {
      return live;
    }

    /** One above the highest slot that was ever given. */
    public int slots() {
      return slots;
    }

    public boolean isLive(int slot) {
      if (slot >= slots) {
        return false;
      }
      long[] page = pages[slot >>> PAGE_BITS];
      return page != null && (page[(slot & (PAGE_SIZE - 1)) >>> 6] & (1L << (slot & 63))) != 0;
    }

    /** Clears the bits of slots that are not live. */
    public void retainLive(long[] words) {
      for (int first = 0; first < words.length; first += WORDS) {
        int end = Math.min(words.length, first + WORDS);
        int page = first / WORDS;
        long[] live = page < pages.length ? pages[page] : null;
        if (live == null) {
          Arrays.fill(words, first, end, 0);
          continue;
        }
        for (int word = first; word < end; word++) {
          words[word] &= live[word - first];
        }
      }
    }

    /** The first slot that is not live at or above {@code from}, or -1. */
    public int nextDead(int from) {
      for (int slot = from; slot < slots; slot = (slot & ~63) + 64) {
        long[] page = pages[slot >>> PAGE_BITS];
        long live = page == null ? 0 : page[(slot & (PAGE_SIZE - 1)) >>> 6];
        long dead = ~live & (-1L << (slot & 63));
        if (dead != 0) {
          int found = (slot & ~63) + Long.numberOfTrailingZeros(dead);
          return found < slots ? found : -1;
        }
      }
      return -1;
    }

    /** The first live slot at or above {@code from}, or -1. */
    public int next(int from) {
      int slot = from;
      while (slot < slots) {
        long[] page = pages[slot >>> PAGE_BITS];
        if (page == null) {
          slot = ((slot >>> PAGE_BITS) + 1) << PAGE_BITS;
          continue;
        }
        long word = page[(slot & (PAGE_SIZE - 1)) >>> 6] & (-1L << (slot & 63));
        if (word != 0) {
          return (slot & ~63) + Long.numberOfTrailingZeros(word);
        }
        slot = (slot & ~63) + 64;
      }
      return -1;
    }
  }

  public int live() {
    return live;
  }

  public boolean isLive(int slot) {
    long[] page = pages[slot >>> PAGE_BITS];
    return page != null && (page[(slot & (PAGE_SIZE - 1)) >>> 6] & (1L << (slot & 63))) != 0;
  }

  /** Marks the next slot, which must be {@code slots} so far, as live or dead from the start. */
  public void append(boolean alive) {
    int number = slots >>> PAGE_BITS;
    if (number == pages.length) {
      pages = Arrays.copyOf(pages, number * 2);
      pageEpochs = Arrays.copyOf(pageEpochs, number * 2);
      liveOfPage = Arrays.copyOf(liveOfPage, number * 2);
      directoryShared = false;
    }
    if (alive) {
      long[] page = ownPage(number);
      page[(slots & (PAGE_SIZE - 1)) >>> 6] |= 1L << (slots & 63);
      liveOfPage[number]++;
      live++;
    }
    slots++;
  }

  /**
   * Marks a live slot as dead.
   *
   * @return whether its page holds no live slot any more and never will again
   */
  public boolean clear(int slot) {
    int number = slot >>> PAGE_BITS;
    long[] page = ownPage(number);
    page[(slot & (PAGE_SIZE - 1)) >>> 6] &= ~(1L << (slot & 63));
    live--;
    liveOfPage[number]--;
    boolean dead = liveOfPage[number] == 0 && slots >= (number + 1) << PAGE_BITS;
    if (dead) {
      pages[number] = null;
    }
    return dead;
  }

  public View freeze() {
    epoch++;
    directoryShared = true;
    return new View(pages, live, slots);
  }

  private long[] ownPage(int number) {
    if (directoryShared) {
      pages = pages.clone();
      directoryShared = false;
    }
    long[] page = pages[number];
    if (page == null) {
      page = new long[WORDS];
    } else if (pageEpochs[number] != epoch) {
      page = page.clone();
    } else {
      return page;
    }
    pages[number] = page;
    pageEpochs[number] = epoch;
    return page;
  }
}
