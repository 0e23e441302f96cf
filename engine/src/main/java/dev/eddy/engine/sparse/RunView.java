package dev.eddy.engine.sparse;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Postings in a file.
 *
 * @param dead which of its lists have entries of slots that died since; only ever added to
 */
record RunView(PostingRun run, DeadLists dead) implements IndexPart {
  @Override
  public int from() {
    return run.from();
  }

  @Override
  public int to() {
    return run.to();
  }

  @Override
  public Lists lists(SparseQuery query) {
    int[] found = new int[query.indices().length];
    long entries = 0;
    for (int i = 0; i < found.length; i++) {
      found[i] = run.find(query.indices()[i]);
      entries += found[i] < 0 ? 0 : run.entries(found[i]);
    }
    return new Found(run, found, entries);
  }

  @SuppressWarnings("ArrayRecordComponent") // Made for one search, compared by nobody.
  private record Found(PostingRun run, int[] found, long entries) implements Lists {
    /** By so much rounding a step up to units adds up at most, over the codes there are. */
    private static final int STEP_EXCESS = 257;

    @Override
    public double magnitude(int term) {
      int list = found[term];
      if (list < 0) {
        return 0;
      }
      double step = run.step(list);
      double base = run.base(list);
      return Math.max(Math.abs(base) + step, Math.abs(base + 255 * step))
          + Math.abs(base)
          + Math.abs((double) run.largest(list)) / 255;
    }

    @Override
    public CandidateScan.@Nullable Part open(ScaledQuery query) {
      List<ListCursor> cursors = new ArrayList<>(found.length);
      RunCursor.Scratch scratch = new RunCursor.Scratch();
      int above = 0;
      int excess = 0;
      boolean isPositive = true;
      for (int i = 0; i < found.length; i++) {
        if (found[i] < 0) {
          continue;
        }
        MemorySegment list = run.list(found[i]);
        if (list == null) {
          return null;
        }
        double factor = query.factor(i);
        double step = factor * run.step(found[i]);
        double base = factor * run.base(found[i]);
        // At least 1 where nothing is negative: a sum of 0 then means that there is no entry.
        int perCode = (int) Math.ceil(step);
        int perEntry = (int) Math.ceil(factor < 0 ? base - step : base);
        if (factor >= 0 && base == 0) {
          perCode = Math.max(1, perCode);
        } else {
          isPositive = false;
        }
        if (factor < 0 && base == 0) {
          above += perEntry;
        }
        excess += (int) Math.ceil(Math.abs(step)) + STEP_EXCESS;
        cursors.add(new RunCursor(list, perCode, perEntry, scratch));
      }
      return new CandidateScan.Part(cursors, above, excess, isPositive);
    }
  }

  @Override
  public int frequency(int index, IntPredicate isLive) {
    int number = run.find(index);
    if (number < 0) {
      return 0;
    }
    if (!dead.contains(number)) {
      return run.entries(number);
    }
    MemorySegment list = run.list(number);
    if (list == null) {
      return -1;
    }
    RunCursor cursor = new RunCursor(list, 1, 0, new RunCursor.Scratch());
    long[] touched = new long[Windows.SLOTS / Long.SIZE];
    int count = 0;
    while (cursor.firstSlot() != ListCursor.NO_SLOT) {
      int window = cursor.firstSlot();
      cursor.enter(window + Windows.SLOTS);
      Arrays.fill(touched, 0);
      cursor.touch(touched, window);
      for (int word = 0; word < touched.length; word++) {
        for (long bits = touched[word]; bits != 0; bits &= bits - 1) {
          count += isLive.test(window + (word << 6) + Long.numberOfTrailingZeros(bits)) ? 1 : 0;
        }
      }
      cursor.leave();
    }
    return count;
  }
}
