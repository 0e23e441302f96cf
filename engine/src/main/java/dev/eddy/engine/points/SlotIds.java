package dev.eddy.engine.points;

import dev.eddy.model.point.PointId;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The id of each slot. Append-only: a slot never changes its point.
 *
 * <p>Threading: one writer; a {@link View} is safe from any thread once it was published safely.
 */
public final class SlotIds {
  /** Slots whose ids are looked after together. */
  public static final int PAGE_SLOTS = PagedLongs.PAGE_SIZE;

  private static final int PAGE_BITS = PagedLongs.PAGE_BITS;
  private static final int PAGE_SIZE = PagedLongs.PAGE_SIZE;
  private static final int MASK = PAGE_SIZE - 1;

  private @Nullable Page[] pages = new Page[4];
  private boolean directoryShared;
  private int size;

  /** Numbers cost 8 bytes a slot; the first UUID of a page costs another 8 and a bit each. */
  private static final class Page {
    final long[] high;
    long @Nullable [] low;
    long @Nullable [] uuidBits;

    /** The least and the greatest number, unsigned; crossed where there is none. */
    long least = -1;

    long greatest;

    Page(int capacity) {
      this.high = new long[capacity];
    }

    /** A copy for as many slots as have this one. */
    private Page(Page smaller, int index) {
      int capacity = PagedLongs.capacityFor(index);
      this.high = Arrays.copyOf(smaller.high, capacity);
      this.low = smaller.low == null ? null : Arrays.copyOf(smaller.low, capacity);
      this.uuidBits =
          smaller.uuidBits == null ? null : Arrays.copyOf(smaller.uuidBits, capacity / 64);
      this.least = smaller.least;
      this.greatest = smaller.greatest;
    }

    void set(int index, PointId id) {
      switch (id) {
        case PointId.Num num -> {
          high[index] = num.bits();
          least = Long.compareUnsigned(num.bits(), least) < 0 ? num.bits() : least;
          greatest = Long.compareUnsigned(num.bits(), greatest) > 0 ? num.bits() : greatest;
        }
        case PointId.Uuid uuid -> {
          if (low == null || uuidBits == null) {
            low = new long[high.length];
            uuidBits = new long[high.length / 64];
          }
          high[index] = uuid.value().getMostSignificantBits();
          low[index] = uuid.value().getLeastSignificantBits();
          uuidBits[index >>> 6] |= 1L << index;
        }
      }
    }

    PointId get(int index) {
      long[] lower = low;
      return lower == null || isNumber(index)
          ? PointId.of(high[index])
          : PointId.of(new UUID(high[index], lower[index]));
    }

    private boolean isNumber(int index) {
      long[] bits = uuidBits;
      // A reader that races with the page's first UUID sees no bit for a number either way.
      return bits == null || low == null || (bits[index >>> 6] & (1L << index)) == 0;
    }

    int compare(int index, PointId other) {
      return other instanceof PointId.Num num && isNumber(index)
          ? Long.compareUnsigned(high[index], num.bits())
          : get(index).compareTo(other);
    }
  }

  /** An immutable look. */
  public static final class View {
    private final @Nullable Page[] pages;

    private View(@Nullable Page[] pages) {
      this.pages = pages;
    }

    /** The id of a live slot. */
    public PointId get(int slot) {
      return idIn(pages, slot);
    }

    /** The id of a live slot compared with another. */
    public int compare(int slot, PointId other) {
      return pageOf(pages, slot).compare(slot & MASK, other);
    }

    /**
     * The least number among the ids of a page, which are those of {@link #PAGE_SLOTS} slots, or
     * less: unsigned, and the greatest of all where there are only UUIDs, or none.
     */
    public long leastOf(int page) {
      Page ids = pages[page];
      return ids == null ? -1 : ids.least;
    }

    /** Whether a page may have ids that are at or above this one. */
    public boolean reaches(int page, PointId id) {
      Page ids = pages[page];
      return ids != null
          && (ids.uuidBits != null
              || (id instanceof PointId.Num num
                  && Long.compareUnsigned(ids.greatest, num.bits()) >= 0));
    }
  }

  /** The id of a live slot. */
  public PointId get(int slot) {
    return idIn(pages, slot);
  }

  private static PointId idIn(@Nullable Page[] pages, int slot) {
    return pageOf(pages, slot).get(slot & MASK);
  }

  private static Page pageOf(@Nullable Page[] pages, int slot) {
    Page page = pages[slot >>> PAGE_BITS];
    if (page == null) {
      throw new IllegalStateException("slot " + slot + " has no id any more");
    }
    return page;
  }

  public int size() {
    return size;
  }

  public void append(PointId id) {
    pageForNext().set(size & MASK, id);
    size++;
  }

  /** Passes over a slot that is dead from the start; costs no page when all of one is dead. */
  public void skip() {
    growTo(size >>> PAGE_BITS);
    size++;
  }

  private Page pageForNext() {
    int number = size >>> PAGE_BITS;
    growTo(number);
    int index = size & MASK;
    Page page = pages[number];
    if (page == null) {
      page = new Page(number == 0 ? PagedLongs.capacityFor(index) : PAGE_SIZE);
      pages[number] = page;
    } else if (index >= page.high.length) {
      // Views keep the smaller one, which has all that they ask for.
      ownDirectory();
      page = new Page(page, index);
      pages[number] = page;
    }
    return page;
  }

  private void growTo(int number) {
    if (number >= pages.length) {
      pages = Arrays.copyOf(pages, Math.max(number + 1, pages.length * 2));
      directoryShared = false;
    }
  }

  void dropPage(int number) {
    ownDirectory();
    pages[number] = null;
  }

  private void ownDirectory() {
    if (directoryShared) {
      pages = pages.clone();
      directoryShared = false;
    }
  }

  public View freeze() {
    directoryShared = true;
    return new View(pages);
  }

  public long memoryBytes() {
    long bytes = 0;
    for (Page page : pages) {
      if (page != null) {
        int capacity = page.high.length;
        bytes += 8L * capacity + (page.low == null ? 0 : 8L * capacity + capacity / 8);
      }
    }
    return bytes;
  }
}
