package dev.eddy.engine.search;

import dev.eddy.engine.filter.CompiledFilter;
import dev.eddy.engine.points.IdMap;
import dev.eddy.engine.points.StoreSnapshot.PayloadCursor;
import dev.eddy.model.point.PointId;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.IntPredicate;

/**
 * A filter on one moment of a shard: evaluates each live slot at most once (but for races, which
 * agree) and remembers. Thread-safe while the view is held.
 */
final class FilterMemo {
  private static final int SAMPLES = 256;

  private final ShardView view;
  private final CompiledFilter filter;

  /** Two bits a slot: known, and matching. */
  private final AtomicLongArray bits;

  private volatile boolean isComplete;

  FilterMemo(ShardView view, CompiledFilter filter) {
    this.view = view;
    this.filter = filter;
    this.bits = new AtomicLongArray(view.slotCount() / 32 + 1);
  }

  /**
   * How many points match.
   *
   * @param isExact whether this is no estimate, and a match told at little cost
   */
  record Estimate(long matches, boolean isExact) {}

  /** Points that match, at little cost. */
  Estimate estimate() {
    return new Estimate(Math.round(sampleFraction(SAMPLES) * view.points()), false);
  }

  /** Whether a live slot matches. */
  boolean matches(int slot) {
    long both = bits.getPlain(slot >>> 5) >>> ((slot & 31) * 2);
    if ((both & 1) != 0) {
      return (both & 2) != 0;
    }
    boolean matches =
        filter.matches(new SlotPoint(view, slot, filter.keys(), () -> view.payload(slot)));
    remember(slot, matches);
    return matches;
  }

  private void remember(int slot, boolean matches) {
    bits.getAndAccumulate(
        slot >>> 5, (matches ? 3L : 1L) << ((slot & 31) * 2), (old, more) -> old | more);
  }

  /**
   * Hands every live matching slot to the consumer, ascending, until it says stop by returning
   * false.
   */
  void forEachMatch(IntPredicate consumer) {
    Optional<Set<PointId>> ids = filter.ids();
    if (ids.isPresent()) {
      forEachOf(ids.get(), consumer);
      return;
    }
    if (isComplete || filter.keys().isEmpty()) {
      for (int slot = view.nextLive(0); slot >= 0; slot = view.nextLive(slot + 1)) {
        if (matches(slot) && !consumer.test(slot)) {
          return;
        }
      }
      return;
    }
    scan(consumer);
  }

  private void forEachOf(Set<PointId> ids, IntPredicate consumer) {
    int[] slots = ids.stream().mapToInt(view::slotOf).filter(slot -> slot != IdMap.NONE).toArray();
    Arrays.sort(slots);
    for (int slot : slots) {
      if (matches(slot) && !consumer.test(slot)) {
        return;
      }
    }
  }

  /** Reads the payloads of all slots in the order in which they are stored. */
  private void scan(IntPredicate consumer) {
    try (PayloadCursor cursor = view.store().payloadCursor()) {
      for (int slot = view.nextLive(0); slot >= 0; slot = view.nextLive(slot + 1)) {
        int at = slot;
        boolean matches =
            filter.matches(new SlotPoint(view, slot, filter.keys(), () -> cursor.payload(at)));
        remember(slot, matches);
        if (matches && !consumer.test(slot)) {
          return;
        }
      }
      isComplete = true;
    }
  }

  /** Whether the filter names the only ids that can match. */
  boolean isByIds() {
    return filter.ids().isPresent();
  }

  /** Estimated fraction of matching points, from slots at even distances. */
  double sampleFraction(int samples) {
    int slotCount = view.slotCount();
    int asked = 0;
    int matching = 0;
    double step = Math.max(1, (double) slotCount / samples);
    for (double place = 0; place < slotCount; place += step) {
      int slot = view.nextLive((int) place);
      if (slot < 0) {
        break;
      }
      asked++;
      matching += matches(slot) ? 1 : 0;
    }
    return asked == 0 ? 0 : (double) matching / asked;
  }
}
