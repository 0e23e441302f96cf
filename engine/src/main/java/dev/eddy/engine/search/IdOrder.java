package dev.eddy.engine.search;

import dev.eddy.engine.points.StoreSnapshot.IdCursor;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.PointId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Live slots in the order of their points' ids. */
final class IdOrder {
  private static final int SLOTS_GUESS = 256;

  private final ShardView view;

  IdOrder(ShardView view) {
    this.view = view;
  }

  /**
   * The first slots.
   *
   * @param from the first id, inclusive; null = from the start
   * @param filter null = all
   */
  int[] slots(@Nullable PointId from, int limit, @Nullable Filter filter) {
    if (filter != null && isSorted(view.memo(filter), limit)) {
      return slotsById(from, limit, view.memo(filter));
    }
    IntPredicate accept = filter == null ? slot -> true : view.memo(filter)::matches;
    int[] slots = new int[Math.min(limit, SLOTS_GUESS)];
    int count = 0;
    try (IdCursor cursor = view.store().idCursor(from)) {
      for (; cursor.isValid() && count < limit; cursor.next()) {
        int slot = cursor.slot();
        if (accept.test(slot)) {
          if (count == slots.length) {
            slots = Arrays.copyOf(slots, (int) Math.min(limit, count * 2L));
          }
          slots[count++] = slot;
        }
      }
    }
    return Arrays.copyOf(slots, count);
  }

  /** Whether sorting all matches costs less than walking over ids until there are enough. */
  private boolean isSorted(FilterMemo memo, int limit) {
    if (memo.isByIds()) {
      return true;
    }
    if (!memo.isIndexed()) {
      return false; // An estimate would read payloads.
    }
    FilterMemo.Estimate estimate = memo.estimate();
    long matches = estimate.matches();
    return estimate.isExact() && matches * matches < (long) limit * view.points();
  }

  private int[] slotsById(@Nullable PointId from, int limit, FilterMemo memo) {
    List<Integer> slots = new ArrayList<>();
    memo.forEachMatch(slot -> {
      if (from == null || view.id(slot).compareTo(from) >= 0) {
        slots.add(slot);
      }
      return true;
    });
    return slots.stream()
        .sorted(Comparator.comparing(view::id))
        .limit(limit)
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
