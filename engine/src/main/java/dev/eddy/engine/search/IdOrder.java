package dev.eddy.engine.search;

import dev.eddy.engine.points.SlotIds;
import dev.eddy.engine.points.StoreSnapshot.IdCursor;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.PointId;
import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;

/**
 * Live slots in the order of their points' ids.
 *
 * <p>Where indexes tell the matches of a filter these are looked at in the order of slots, without
 * pages of slots that have no ids as small as those found: where points were written in about the
 * order of their ids these are nearly all. It is given up when it costs as much as walking over
 * ids, which the store holds, and asking each for its match.
 */
final class IdOrder {
  private static final int SLOTS_GUESS = 256;

  /** Matches that are looked at in the time of a step to the next id. */
  private static final long MATCHES_PER_ID = 100;

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
    if (filter == null) {
      return walk(from, limit, slot -> true);
    }
    FilterMemo memo = view.memo(filter);
    First first = new First(from, limit);
    if (memo.isByIds()) {
      memo.forEachMatch(first);
      return first.slots();
    }
    RoaringBitmap matches = memo.indexedSlots();
    return matches != null && first.isFound(matches)
        ? first.slots()
        : walk(from, limit, memo::matches);
  }

  private int[] walk(@Nullable PointId from, int limit, IntPredicate accept) {
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

  private record Match(PointId id, int slot) {}

  /** Keeps those with the least ids of the live slots that go by. */
  private final class First implements IntPredicate {
    private final SlotIds.View ids = view.ids();
    private final @Nullable PointId from;
    private final int limit;
    private final Comparator<Match> order = Comparator.comparing(Match::id);
    private final PriorityQueue<Match> kept = new PriorityQueue<>(order.reversed());

    First(@Nullable PointId from, int limit) {
      this.from = from;
      this.limit = limit;
    }

    @Override
    public boolean test(int slot) {
      if (from != null && ids.compare(slot, from) < 0) {
        return true;
      }
      if (kept.size() == limit) {
        if (ids.compare(slot, kept.element().id()) >= 0) {
          return true;
        }
        kept.remove();
      }
      kept.add(new Match(ids.get(slot), slot));
      return true;
    }

    /** Whether no id of a page is among the first. */
    private boolean isPassed(int page) {
      return kept.size() == limit
          && kept.element().id() instanceof PointId.Num(long greatest)
          && Long.compareUnsigned(ids.leastOf(page), greatest) > 0;
    }

    /** Looks at matches until these are the first; false when that costs more than a walk. */
    boolean isFound(RoaringBitmap matches) {
      long count = matches.getLongCardinality();
      long most = (long) ((double) MATCHES_PER_ID * limit * view.slotCount() / Math.max(1, count));
      long seen = 0;
      int pages = Math.ceilDiv(view.slotCount(), SlotIds.PAGE_SLOTS);
      for (int page = 0; page < pages; page++) {
        if (!isPassed(page) && (from == null || ids.reaches(page, from))) {
          if (seen > most) {
            return false;
          }
          seen += look(matches, page);
        }
      }
      return true;
    }

    private int look(RoaringBitmap matches, int page) {
      int end = Math.min(view.slotCount(), (page + 1) * SlotIds.PAGE_SLOTS);
      PeekableIntIterator each = matches.getIntIterator();
      each.advanceIfNeeded(page * SlotIds.PAGE_SLOTS);
      int seen = 0;
      while (each.hasNext()) {
        int slot = each.next();
        if (slot >= end) {
          break;
        }
        seen++;
        if (view.isLive(slot)) {
          test(slot);
        }
      }
      return seen;
    }

    int[] slots() {
      return kept.stream().sorted(order).mapToInt(Match::slot).toArray();
    }
  }
}
