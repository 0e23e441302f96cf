package dev.eddy.engine.sparse;

import dev.eddy.model.usage.HardwareUsage;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Scores all slots that share an index with a query, exactly: a window of slots at a time, list by
 * list in ascending order of indices, so that the sums stay in the nearest cache and come out the
 * same as one by one. A window is passed over when not even the largest weights in it could make a
 * score that is still wanted (block-max bounds, after Ding and Suel, 2011).
 *
 * <p>One thread, one use.
 */
final class WindowScan {
  private static final int WINDOW_BITS = 11;
  private static final int WINDOW = 1 << WINDOW_BITS;

  /** Error of a sum of float32 products, per term and relative; twice the unit roundoff. */
  private static final double ROUNDING_PER_TERM = 1.2e-7;

  private final PostingList.Block[] lists;
  private final float[] values;
  private final int[] at;
  private final int[] end;
  private final int count;
  private final float[] sums = new float[WINDOW];
  private final long[] touched = new long[WINDOW / Long.SIZE];
  private long summed;

  /**
   * @param slotCount slots at or above it are not looked at
   */
  WindowScan(InvertedIndex.View index, SparseQuery query, int slotCount) {
    int most = query.indices().length;
    lists = new PostingList.Block[most];
    values = new float[most];
    at = new int[most];
    end = new int[most];
    int found = 0;
    for (int i = 0; i < most; i++) {
      @Nullable PostingList list = index.list(query.indices()[i]);
      int last = list == null ? 0 : lowerBound(list, slotCount);
      if (list != null && last > 0) {
        lists[found] = list.block();
        values[found] = query.values()[i];
        end[found] = last;
        found++;
      }
    }
    count = found;
  }

  /** Entries of slots below the bound. */
  static int lowerBound(PostingList list, int slotCount) {
    int size = list.size(); // Before the block, which then holds so many entries at least.
    int[] slots = list.block().slots();
    if (size > 0 && slots[size - 1] < slotCount) {
      return size;
    }
    int found = Arrays.binarySearch(slots, 0, size, slotCount);
    return found < 0 ? -found - 1 : found;
  }

  void run(SparseHits hits) {
    double slack = 1 + ROUNDING_PER_TERM * (count + 1);
    int[] stop = new int[count];
    while (true) {
      int first = firstSlot();
      if (first == Integer.MAX_VALUE) {
        HardwareUsage.add(HardwareUsage.Part.CPU, summed * Float.BYTES);
        return;
      }
      int window = first >>> WINDOW_BITS << WINDOW_BITS;
      double bound = 0;
      for (int i = 0; i < count; i++) {
        stop[i] = stop(i, window + WINDOW);
        bound += Math.max(0, largest(i, stop[i]));
      }
      if (bound * slack >= hits.threshold()) {
        sum(window, stop);
        handOver(window, hits);
      }
      System.arraycopy(stop, 0, at, 0, count);
    }
  }

  private int firstSlot() {
    int first = Integer.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      if (at[i] < end[i]) {
        first = Math.min(first, lists[i].slots()[at[i]]);
      }
    }
    return first;
  }

  /** The first entry of a list at or behind a slot: far leaps, then halving. */
  private int stop(int i, int slot) {
    int[] slots = lists[i].slots();
    int low = at[i];
    int step = 1;
    while (low + step < end[i] && slots[low + step] < slot) {
      low += step;
      step *= 2;
    }
    int high = Math.min(end[i], low + step);
    int found = Arrays.binarySearch(slots, low, high, slot);
    return found < 0 ? -found - 1 : found;
  }

  /** At least the largest product of the list's entries in the window. */
  private double largest(int i, int stop) {
    if (at[i] >= stop) {
      return 0;
    }
    PostingList.Block list = lists[i];
    double value = values[i];
    double largest = Double.NEGATIVE_INFINITY;
    int last = (stop - 1) >>> PostingList.BLOCK_BITS;
    for (int block = at[i] >>> PostingList.BLOCK_BITS; block <= last; block++) {
      double weight = value > 0 ? list.largest()[block] : list.smallest()[block];
      largest = Math.max(largest, value * weight);
    }
    return largest;
  }

  private void sum(int window, int[] stop) {
    for (int i = 0; i < count; i++) {
      int[] slots = lists[i].slots();
      float[] weights = lists[i].weights();
      float value = values[i];
      summed += Math.max(0, stop[i] - at[i]);
      for (int entry = at[i]; entry < stop[i]; entry++) {
        int place = slots[entry] - window;
        sums[place] += value * weights[entry];
        touched[place >>> 6] |= 1L << place;
      }
    }
  }

  private void handOver(int window, SparseHits hits) {
    for (int word = 0; word < touched.length; word++) {
      long bits = touched[word];
      touched[word] = 0;
      while (bits != 0) {
        int place = (word << 6) + Long.numberOfTrailingZeros(bits);
        bits &= bits - 1;
        float score = sums[place];
        sums[place] = 0f;
        if (score >= hits.threshold()) {
          hits.offer(window + place, score);
        }
      }
    }
  }
}
