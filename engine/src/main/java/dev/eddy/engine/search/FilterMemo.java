package dev.eddy.engine.search;

import dev.eddy.engine.field.SlotBounds;
import dev.eddy.engine.filter.CompiledFilter;
import dev.eddy.engine.points.StoreSnapshot.PayloadCursor;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.PointId;
import dev.eddy.model.usage.FilterPlans;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.BatchIterator;
import org.roaringbitmap.BitSetUtil;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.RoaringBitmapWriter;

/**
 * A filter on one moment of a shard: asks the indexes of declared fields first, evaluates each live
 * slot that they leave open at most once (but for races, which agree), and remembers. Thread-safe
 * while the view is held.
 */
final class FilterMemo {
  /** Up to so many slots, dead ones are told apart one by one to count. */
  private static final int COUNTED_MAX = 1 << 16;

  /** Slots handed over together. */
  private static final int BATCH_SLOTS = SlotBatch.SLOTS_MAX;

  /** Words of bits that are made in the time of asking one slot. */
  private static final int WORDS_PER_TEST = 10;

  private final ShardView view;
  private final CompiledFilter filter;

  private final Filter asked;

  /** Set by the first who asks, and not changed. */
  private volatile @Nullable FilterAnswers known;

  private volatile boolean isComplete;

  private volatile @Nullable Estimate estimate;

  private volatile long @Nullable [] matching;

  FilterMemo(ShardView view, Filter asked, CompiledFilter filter) {
    this.view = view;
    this.asked = asked;
    this.filter = filter;
  }

  private FilterAnswers known() {
    FilterAnswers current = known;
    return current == null ? askIndexes() : current;
  }

  private synchronized FilterAnswers askIndexes() {
    FilterAnswers current = known;
    if (current == null) {
      current = FilterAnswers.ofIndexes(view, asked, filter);
      known = current;
    }
    return current;
  }

  /**
   * How many points match.
   *
   * @param isExact whether this is no estimate
   */
  record Estimate(long matches, boolean isExact) {}

  /** Of all points, where it was asked for before; else {@link FilterPlans#UNKNOWN}. */
  long estimatedBefore() {
    Estimate known = estimate;
    return known == null ? FilterPlans.UNKNOWN : known.matches();
  }

  /** Whether a live slot matches. */
  boolean matches(int slot) {
    return known().matches(slot);
  }

  /**
   * The live matching slots, a bit each: for who asks many slots here and there, which bitmaps are
   * slow at. Null where this costs more than it saves, and where the indexes leave slots open.
   */
  long @Nullable [] matchingBits(long tests) {
    long[] made = matching;
    SlotBounds bounds = known().bounds();
    if (made != null || bounds == null || !isIndexed()) {
      return made;
    }
    int words = (view.slotCount() >>> 6) + 1;
    if (tests < words / WORDS_PER_TEST) {
      return null;
    }
    made = Arrays.copyOf(BitSetUtil.toLongArray(bounds.possible()), words);
    view.retainLive(made);
    matching = made;
    return made;
  }

  /**
   * Hands every live matching slot to the consumer, ascending, until it says stop by returning
   * false.
   */
  void forEachMatch(IntPredicate consumer) {
    forEachMatch(0, Integer.MAX_VALUE, consumer);
  }

  /** The same for those in {@code [from, to)}. */
  private void forEachMatch(int from, int to, IntPredicate consumer) {
    Optional<Set<PointId>> ids = filter.ids();
    FilterAnswers told = known();
    if (told.bounds() != null) {
      forEachPossible(told, told.bounds(), from, to, consumer);
    } else if (ids.isPresent()) {
      forEachOf(ids.get(), from, to, consumer);
    } else if (isComplete || filter.keys().isEmpty()) {
      for (int slot = view.nextLive(from); slot >= 0 && slot < to; slot = view.nextLive(slot + 1)) {
        if (matches(slot) && !consumer.test(slot)) {
          return;
        }
      }
    } else {
      scan(told, from, to, consumer);
    }
  }

  /** The same, many at a time. */
  void forEachMatch(int from, int to, FilteredSearch.SlotsConsumer consumer) {
    FilterAnswers told = known();
    SlotBounds bounds = told.bounds();
    int[] batch = new int[BATCH_SLOTS];
    if (bounds != null && told.isIndexed()) {
      forEachBatch(bounds.possible(), from, to, batch, consumer);
      return;
    }
    int[] count = new int[1];
    boolean[] isEnough = new boolean[1];
    forEachMatch(
        from,
        to,
        slot -> {
          batch[count[0]++] = slot;
          if (count[0] == BATCH_SLOTS) {
            count[0] = 0;
            isEnough[0] = !consumer.take(batch, BATCH_SLOTS);
          }
          return !isEnough[0];
        });
    if (count[0] > 0 && !isEnough[0]) {
      consumer.take(batch, count[0]);
    }
  }

  private void forEachBatch(
      RoaringBitmap slots, int from, int to, int[] batch, FilteredSearch.SlotsConsumer consumer) {
    boolean hasDead = view.hasDeadSlots();
    BatchIterator iterator = slots.getBatchIterator();
    iterator.advanceIfNeeded(from);
    while (iterator.hasNext()) {
      int read = iterator.nextBatch(batch);
      boolean isEnd = read > 0 && batch[read - 1] >= to;
      while (read > 0 && batch[read - 1] >= to) {
        read--;
      }
      int count = read;
      if (hasDead) {
        count = 0;
        for (int i = 0; i < read; i++) {
          batch[count] = batch[i];
          count += view.isLive(batch[i]) ? 1 : 0;
        }
      }
      if ((count > 0 && !consumer.take(batch, count)) || isEnd) {
        return;
      }
    }
  }

  private void forEachOf(Set<PointId> ids, int from, int to, IntPredicate consumer) {
    int[] slots =
        ids.stream().mapToInt(view::slotOf).filter(slot -> slot >= from && slot < to).toArray();
    Arrays.sort(slots);
    for (int slot : slots) {
      if (matches(slot) && !consumer.test(slot)) {
        return;
      }
    }
  }

  /** Reads the payloads of those slots that the indexes leave open. */
  private void forEachPossible(
      FilterAnswers told, SlotBounds bounds, int from, int to, IntPredicate consumer) {
    boolean hasDead = view.hasDeadSlots();
    boolean isTold = told.isIndexed() || isComplete || !told.readsPayloads();
    try (PayloadCursor cursor = isTold ? null : view.store().payloadCursor()) {
      PeekableIntIterator slots = bounds.possible().getIntIterator();
      slots.advanceIfNeeded(from);
      while (slots.hasNext()) {
        int slot = slots.next();
        if (slot >= to) {
          return;
        }
        if (hasDead && !view.isLive(slot)) {
          continue;
        }
        boolean matches =
            told.isIndexed()
                || bounds.sure().contains(slot)
                || (cursor == null ? matches(slot) : told.find(slot, () -> cursor.payload(slot)));
        if (matches && !consumer.test(slot)) {
          return;
        }
      }
      isComplete |= from == 0;
    }
  }

  /** Reads the payloads of all slots in the order in which they are stored. */
  private void scan(FilterAnswers told, int from, int to, IntPredicate consumer) {
    try (PayloadCursor cursor = view.store().payloadCursor()) {
      for (int slot = view.nextLive(from); slot >= 0; slot = view.nextLive(slot + 1)) {
        int at = slot;
        if (at >= to || (told.find(slot, () -> cursor.payload(at)) && !consumer.test(slot))) {
          return;
        }
      }
      isComplete |= from == 0;
    }
  }

  /** Whether the filter names the only ids that can match. */
  boolean isByIds() {
    return filter.ids().isPresent();
  }

  /** Whether the indexes tell of every slot. */
  boolean isIndexed() {
    return known().isIndexed();
  }

  /** Slots, at most, whose match is told only by reading a payload. */
  long openSlots() {
    FilterAnswers told = known();
    return isComplete || !told.readsPayloads() ? 0 : told.open();
  }

  /** Points that match, exactly. */
  long count() {
    SlotBounds bounds = known().bounds();
    if (bounds != null && isIndexed()) {
      long slots = bounds.possible().getLongCardinality();
      if (!view.hasDeadSlots()) {
        return slots; // Looking for a dead one goes through the bits of all.
      }
      if (view.slotCount() - view.points() < slots) {
        return slots - deadOf(bounds.possible());
      }
    }
    long[] count = new long[1];
    forEachMatch(slot -> {
      count[0]++;
      return true;
    });
    return count[0];
  }

  private long deadOf(RoaringBitmap slots) {
    long dead = 0;
    for (int slot = view.nextDead(0); slot >= 0; slot = view.nextDead(slot + 1)) {
      dead += slots.contains(slot) ? 1 : 0;
    }
    return dead;
  }

  /**
   * The slots that match, dead ones among them; not to be changed. Null where indexes don't tell.
   */
  @Nullable RoaringBitmap indexedSlots() {
    FilterAnswers told = known();
    SlotBounds bounds = told.bounds();
    return bounds != null && told.isIndexed() ? bounds.possible() : null;
  }

  /** All live slots that match; not to be changed. */
  RoaringBitmap slots() {
    SlotBounds bounds = known().bounds();
    if (bounds != null && isIndexed() && !view.hasDeadSlots()) {
      return bounds.possible();
    }
    RoaringBitmapWriter<RoaringBitmap> slots = RoaringBitmapWriter.writer().get();
    forEachMatch(slot -> {
      slots.add(slot);
      return true;
    });
    return slots.get();
  }

  /** Points that match, at little cost; none for those who ask again. */
  Estimate estimate() {
    Estimate made = estimate;
    if (made == null) {
      made = newEstimate();
      estimate = made;
    }
    return made;
  }

  /** How many of the slots in {@code [from, to)} match, about. */
  long estimate(int from, int to) {
    long matches = estimate().matches();
    int end = Math.min(to, view.slotCount());
    if (from <= 0 && end == view.slotCount()) {
      return matches;
    }
    FilterAnswers told = known();
    SlotBounds bounds = told.bounds();
    double share = (double) Math.max(0, end - from) / view.slotCount();
    if (bounds != null) {
      long possible = bounds.possible().getLongCardinality();
      long here = bounds.possible().rangeCardinality(Math.max(0, from), Math.max(from, end));
      share = possible == 0 ? 0 : (double) here / possible;
    }
    return Math.round(matches * share);
  }

  private Estimate newEstimate() {
    FilterAnswers told = known();
    SlotBounds bounds = told.bounds();
    if (bounds == null) {
      return new Estimate(Math.round(new MatchSample(view, this).share() * view.points()), false);
    }
    long possible = bounds.possible().getLongCardinality();
    if (!told.isIndexed()) {
      return new Estimate(
          Math.round(new MatchSample(view, this).shareOf(bounds.possible()) * liveOf(possible)),
          false);
    }
    return !view.hasDeadSlots() || possible <= COUNTED_MAX
        ? new Estimate(count(), true)
        : new Estimate(liveOf(possible), false);
  }

  /** Points among so many slots, if as many are dead as anywhere. */
  private long liveOf(long slots) {
    return Math.round((double) slots * view.points() / Math.max(1, view.slotCount()));
  }
}
