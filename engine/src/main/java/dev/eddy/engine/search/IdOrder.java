package dev.eddy.engine.search;

import dev.eddy.engine.points.StoreSnapshot.IdCursor;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.PointId;
import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Live slots in the order of their points' ids. */
final class IdOrder {
  private static final int SLOTS_GUESS = 256;

  /** Matches that are looked at in the time of a step to the next id, which the store holds. */
  private static final long MATCHES_PER_ID = 32;

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

  /** Whether looking at all matches costs less than walking over ids until there are enough. */
  private boolean isSorted(FilterMemo memo, int limit) {
    if (memo.isByIds()) {
      return true;
    }
    if (!memo.isIndexed()) {
      return false; // An estimate would read payloads.
    }
    FilterMemo.Estimate estimate = memo.estimate();
    long matches = estimate.matches();
    return estimate.isExact() && matches * matches < MATCHES_PER_ID * limit * view.points();
  }

  /** Keeps the first ones while all matches go by. */
  private int[] slotsById(@Nullable PointId from, int limit, FilterMemo memo) {
    Comparator<Match> order = Comparator.comparing(Match::id);
    PriorityQueue<Match> first = new PriorityQueue<>(order.reversed());
    memo.forEachMatch(slot -> {
      PointId id = view.id(slot);
      if (from == null || id.compareTo(from) >= 0) {
        if (first.size() < limit) {
          first.add(new Match(id, slot));
        } else if (id.compareTo(first.element().id()) < 0) {
          first.remove();
          first.add(new Match(id, slot));
        }
      }
      return true;
    });
    return first.stream().sorted(order).mapToInt(Match::slot).toArray();
  }

  private record Match(PointId id, int slot) {}
}
