package dev.eddy.engine.search;

import dev.eddy.engine.field.SlotBounds;
import dev.eddy.engine.filter.CompiledFilter;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.Payload;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which slots of a view match a filter: what the indexes of declared fields say, and beside it what
 * was found of the slots that they leave open. Thread-safe while the view is held; who finds the
 * same slot at once finds the same.
 */
final class FilterAnswers {
  private final ShardView view;
  private final @Nullable SlotBounds bounds;
  private final boolean isIndexed;
  private final long open;

  /** What open slots are asked. */
  private final CompiledFilter rest;

  /** Two a slot: known, and matching; of no use where the indexes leave nothing open. */
  private final AtomicLongArray bits;

  private FilterAnswers(
      ShardView view, @Nullable SlotBounds bounds, boolean isIndexed, CompiledFilter rest) {
    this.view = view;
    this.bounds = bounds;
    this.isIndexed = isIndexed;
    this.rest = rest;
    this.open =
        bounds == null
            ? view.slotCount()
            : bounds.possible().getLongCardinality() - bounds.sure().getLongCardinality();
    this.bits = new AtomicLongArray(isIndexed ? 0 : view.slotCount() / 32 + 1);
  }

  /**
   * What the indexes say.
   *
   * @param filter the same as asked
   */
  static FilterAnswers ofIndexes(ShardView view, Filter asked, CompiledFilter filter) {
    IndexedFilter.Told told = IndexedFilter.bounds(view, asked).orElse(null);
    SlotBounds bounds = told == null ? null : told.bounds();
    boolean isIndexed = bounds != null && bounds.isExact();
    CompiledFilter rest =
        told == null || isIndexed ? filter : CompiledFilter.of(told.rest(), view.rules());
    return new FilterAnswers(view, bounds, isIndexed, rest);
  }

  /** What the indexes say; null = nothing. */
  @Nullable SlotBounds bounds() {
    return bounds;
  }

  /** Whether the indexes tell of every slot. */
  boolean isIndexed() {
    return isIndexed;
  }

  /** Slots of which the indexes do not tell. */
  long open() {
    return open;
  }

  /** Whether open slots are asked for something of their payload. */
  boolean readsPayloads() {
    return !rest.keys().isEmpty();
  }

  /** Whether a live slot matches. */
  boolean matches(int slot) {
    if (bounds != null) {
      if (!bounds.possible().contains(slot)) {
        return false;
      }
      if (isIndexed || bounds.sure().contains(slot)) {
        return true;
      }
    }
    long both = bits.getPlain(slot >>> 5) >>> ((slot & 31) * 2);
    if ((both & 1) != 0) {
      return (both & 2) != 0;
    }
    return find(slot, () -> view.payload(slot));
  }

  /** Finds out whether a live slot that the indexes leave open matches, and remembers it. */
  boolean find(int slot, Supplier<Payload> payload) {
    boolean matches = rest.matches(new SlotPoint(view, slot, rest.keys(), payload));
    bits.getAndAccumulate(
        slot >>> 5, (matches ? 3L : 1L) << ((slot & 31) * 2), (old, more) -> old | more);
    return matches;
  }
}
