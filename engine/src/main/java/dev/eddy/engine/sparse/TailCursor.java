package dev.eddy.engine.sparse;

import java.util.Arrays;

/** Through a list on the heap. */
final class TailCursor implements ListCursor {
  /** By so much an entry may add more than its product. */
  static final int EXCESS = 2;

  private static final int MOST_MAX = 1 << 29;

  private final int[] slots;
  private final float[] weights;
  private final PostingList.Block list;
  private final int end;
  private final double factor;
  private int at;
  private int stop;

  /**
   * @param end entries that are looked at
   * @param factor the query's weight, in its units
   */
  TailCursor(PostingList.Block list, int end, double factor) {
    this.list = list;
    this.slots = list.slots();
    this.weights = list.weights();
    this.end = end;
    this.factor = factor;
  }

  @Override
  public int firstSlot() {
    return at < end ? slots[at] : NO_SLOT;
  }

  /** Far leaps, then halving. */
  @Override
  public void enter(int windowEnd) {
    int low = at;
    int step = 1;
    while (low + step < end && slots[low + step] < windowEnd) {
      low += step;
      step *= 2;
    }
    int found = Arrays.binarySearch(slots, low, Math.min(end, low + step), windowEnd);
    stop = found < 0 ? -found - 1 : found;
  }

  @Override
  public int most() {
    if (at >= stop) {
      return 0;
    }
    double most = 0;
    int last = (stop - 1) >>> PostingList.BLOCK_BITS;
    for (int block = at >>> PostingList.BLOCK_BITS; block <= last; block++) {
      most = Math.max(most, factor * (factor > 0 ? list.largest() : list.smallest())[block]);
    }
    // A list may grow past what the units are of while it is read.
    return (int) Math.min(most, MOST_MAX) + 1;
  }

  @Override
  public int addTo(int[] sums, int window) {
    int[] from = slots;
    float[] by = weights;
    int last = stop;
    for (int entry = at; entry < last; entry++) {
      // Cut off towards 0 and one more: never less than the product.
      sums[from[entry] - window] += (int) (factor * by[entry]) + 1;
    }
    return last - at;
  }

  @Override
  public void touch(long[] touched, int window) {
    for (int entry = at; entry < stop; entry++) {
      int place = slots[entry] - window;
      touched[place >>> 6] |= 1L << place;
    }
  }

  @Override
  public void leave() {
    at = stop;
  }
}
