package dev.eddy.engine.sparse;

import dev.eddy.engine.kernel.KernelSelector;
import dev.eddy.engine.kernel.ScanKernels;
import dev.eddy.model.usage.HardwareUsage;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Finds the slots that may be among the best for a query: adds up bounds of their scores, a window
 * of slots at a time, so that the sums stay in the nearest cache. How far a sum may be above the
 * score is known, so sums say how good the best are at least, and whatever can't reach that is
 * dropped. Windows whose largest weights can't (block-max bounds, after Ding and Suel, 2011) are
 * passed over.
 *
 * <p>What is left is scored from the vectors by the caller. One thread, one use.
 */
final class CandidateScan {
  private static final int NONE = Integer.MIN_VALUE;
  private static final int FIRST_CAPACITY = 256;

  /** Sums that are looked through at a time: what is found in them raises the bar for the next. */
  private static final int BLOCK = 1024;

  private static final long[] NOTHING = {};
  private static final ScanKernels KERNELS = KernelSelector.scanKernels();

  private final SparseHits hits;
  private final int rounding;
  private final int slotCount;
  private final int[] sums = Sums.take();
  private final int[] places = new int[BLOCK];
  private final Lowest lowest;
  private int[] slots = new int[FIRST_CAPACITY];
  private int[] uppers = new int[FIRST_CAPACITY];
  private int count;
  private long summed;

  /** Scores in units: what is below is of no use. */
  private int bar;

  CandidateScan(ScaledQuery query, int slotCount, SparseHits hits) {
    this.hits = hits;
    this.slotCount = slotCount;
    this.rounding = query.rounding();
    this.lowest = new Lowest(hits.wanted());
    double threshold = hits.threshold() * query.scale();
    this.bar = threshold < NONE + 2.0 * rounding ? NONE : (int) Math.floor(threshold);
  }

  /**
   * The entries of a part of the slots.
   *
   * @param above units that are to be added to a sum to be at least the score
   * @param excess units by which a sum may be above the score
   * @param isPositive whether every entry adds something
   */
  record Part(List<ListCursor> lists, int above, int excess, boolean isPositive) {}

  /** Scans a part; parts have different slots. */
  void scan(Part part) {
    ListCursor[] lists = part.lists().toArray(ListCursor[]::new);
    while (true) {
      int first = ListCursor.NO_SLOT;
      for (ListCursor list : lists) {
        first = Math.min(first, list.firstSlot());
      }
      if (first == ListCursor.NO_SLOT) {
        break;
      }
      int window = Windows.start(first);
      long most = part.above + (long) rounding;
      for (ListCursor list : lists) {
        list.enter(window + Windows.SUMMED);
        most += list.most();
      }
      if (most >= bar) {
        scan(part, lists, window);
      }
      for (ListCursor list : lists) {
        list.leave();
      }
    }
    HardwareUsage.add(HardwareUsage.Part.CPU, summed);
    summed = 0;
  }

  private void scan(Part part, ListCursor[] lists, int window) {
    for (ListCursor list : lists) {
      summed += list.addTo(sums, window);
    }
    boolean isTouched = !part.isPositive && (bar == NONE || bar - part.above - rounding <= 0);
    long[] touched = isTouched ? touched(lists, window) : NOTHING;
    int end = Math.min(Windows.SUMMED, slotCount - window);
    for (int from = 0; from < end; from += BLOCK) {
      int found = isTouched ? touched(touched, from) : summed(part, from);
      take(part, window, found);
      Arrays.fill(sums, from, from + BLOCK, 0);
    }
    // Runs may hold slots behind the last one that has a vector: what they added goes, too.
    int cleared = Math.max(0, (end + BLOCK - 1) / BLOCK * BLOCK);
    Arrays.fill(sums, cleared, Windows.SUMMED, 0);
  }

  private int summed(Part part, int from) {
    // Every entry adds something: a sum of 0 is of no entry.
    int bound = bar == NONE ? 1 : Math.max(1, bar - part.above - rounding);
    return KERNELS.atLeast(sums, from, from + BLOCK, bound, places);
  }

  private void take(Part part, int window, int found) {
    int above = part.above + rounding;
    for (int i = 0; i < found; i++) {
      int sum = sums[places[i]];
      if (sum + above >= bar && hits.accepts(window + places[i])) {
        add(window + places[i], sum + above, sum - part.excess - rounding);
      }
    }
  }

  /** Every slot that has an entry has a score, be it 0 or less. */
  private static long[] touched(ListCursor[] lists, int window) {
    long[] touched = new long[Windows.SUMMED / Long.SIZE];
    for (ListCursor list : lists) {
      list.touch(touched, window);
    }
    return touched;
  }

  private int touched(long[] touched, int from) {
    int found = 0;
    for (int word = from >>> 6; word < (from + BLOCK) >>> 6; word++) {
      for (long bits = touched[word]; bits != 0; bits &= bits - 1) {
        places[found++] = (word << 6) + Long.numberOfTrailingZeros(bits);
      }
    }
    return found;
  }

  private void add(int slot, int upper, int lower) {
    if (count == slots.length) {
      slots = Arrays.copyOf(slots, count * 2);
      uppers = Arrays.copyOf(uppers, count * 2);
    }
    slots[count] = slot;
    uppers[count++] = upper;
    bar = Math.max(bar, lowest.offer(lower));
  }

  /** Offers those candidates that are still good enough, by their scores. */
  void finish(SparseView.Scorer scorer) {
    Sums.giveBack(sums);
    for (int i = 0; i < count; i++) {
      if (uppers[i] >= bar) {
        float score = scorer.score(slots[i]);
        if (score >= hits.threshold()) {
          hits.offer(slots[i], score);
        }
      }
    }
  }

  /** Arrays of zeros that go from search to search. */
  private static final class Sums {
    private static final ArrayBlockingQueue<int[]> POOL = new ArrayBlockingQueue<>(16);

    private Sums() {}

    static int[] take() {
      int[] sums = POOL.poll();
      return sums == null ? new int[Windows.SUMMED] : sums;
    }

    static void giveBack(int[] zeros) {
      var _ = POOL.offer(zeros);
    }
  }

  /** The largest numbers offered, the least of them at the top. */
  private static final class Lowest {
    private final int wanted;
    private int[] heap = new int[16];
    private int size;

    Lowest(int wanted) {
      this.wanted = wanted;
    }

    /** The least of as many as are wanted; {@link #NONE} while there are fewer. */
    int offer(int number) {
      if (size < wanted) {
        if (size == heap.length) {
          heap = Arrays.copyOf(heap, size * 2);
        }
        int at = size++;
        for (; at > 0 && heap[(at - 1) >>> 1] > number; at = (at - 1) >>> 1) {
          heap[at] = heap[(at - 1) >>> 1];
        }
        heap[at] = number;
      } else if (number > heap[0]) {
        sink(number);
      }
      return size < wanted ? NONE : heap[0];
    }

    private void sink(int number) {
      int at = 0;
      while (2 * at + 1 < size) {
        int child = 2 * at + 1;
        if (child + 1 < size && heap[child + 1] < heap[child]) {
          child++;
        }
        if (heap[child] >= number) {
          break;
        }
        heap[at] = heap[child];
        at = child;
      }
      heap[at] = number;
    }
  }
}
