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
    }

    void set(int index, PointId id) {
      switch (id) {
        case PointId.Num num -> high[index] = num.bits();
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
      long[] bits = uuidBits;
      long[] lower = low;
      // A reader that races with the page's first UUID sees no bit for a number either way.
      if (bits == null || lower == null || (bits[index >>> 6] & (1L << index)) == 0) {
        return PointId.of(high[index]);
      }
      return PointId.of(new UUID(high[index], lower[index]));
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
  }

  /** The id of a live slot. */
  public PointId get(int slot) {
    return idIn(pages, slot);
  }

  private static PointId idIn(@Nullable Page[] pages, int slot) {
    Page page = pages[slot >>> PAGE_BITS];
    if (page == null) {
      throw new IllegalStateException("slot " + slot + " has no id any more");
    }
    return page.get(slot & MASK);
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
