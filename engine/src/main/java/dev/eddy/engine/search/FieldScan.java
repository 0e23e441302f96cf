package dev.eddy.engine.search;

import dev.eddy.engine.field.IndexedField;
import dev.eddy.engine.filter.FieldValues;
import dev.eddy.engine.filter.PayloadReader;
import dev.eddy.engine.search.TopHits.SlotHit;
import dev.eddy.model.answer.AnswerMeter;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.query.FacetHit;
import dev.eddy.model.query.OrderValue;
import dev.eddy.model.query.Ordering;
import dev.eddy.model.query.Ranking;
import dev.eddy.model.shard.ShardService.Candidates;
import dev.eddy.model.shard.ShardService.ShardQuery;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.RoaringBitmapWriter;

/**
 * Orders and counts by the values of one field, exactly: from its index where it has one, from the
 * payloads of all points that match otherwise.
 */
final class FieldScan {
  /** Reading a payload costs about as much as so many slots of an index. */
  private static final int RARITY = 64;

  /** A field has that many values soon. */
  private static final int LOOKED_AT = 4096;

  private final ShardView view;

  FieldScan(ShardView view) {
    this.view = view;
  }

  /** The first k (point, value) pairs in the order asked for. */
  List<SlotHit> ordered(ShardQuery query, Ranking.Ordered ranking, int k) {
    IndexedField index = view.indexes().at(ranking.ordering().key().steps());
    return index == null
            || index.type() != ranking.type()
            || query.candidates() != null
            || isRare(query.filter())
        ? scanned(query, ranking, k)
        : walked(query, ranking, k, index);
  }

  /** Whether it is cheaper to look at each point that matches than at every value. */
  private boolean isRare(@Nullable Filter filter) {
    return filter != null
        && view.memo(filter).estimate().matches() * RARITY < Math.max(view.points(), LOOKED_AT);
  }

  /** Looks at values in their order until there are enough. */
  private List<SlotHit> walked(
      ShardQuery query, Ranking.Ordered ranking, int k, IndexedField index) {
    Ordering ordering = ranking.ordering();
    @Nullable Filter filter = query.filter();
    @Nullable FilterMemo memo = filter == null ? null : view.memo(filter);
    Comparator<SlotHit> byId = Comparator.comparing(hit -> view.id(hit.slot()));
    Comparator<SlotHit> order = ordering.isDescending() ? byId.reversed() : byId;
    List<SlotHit> hits = new ArrayList<>();
    // Of the value visited last; zeros of both signs are equal, and two values to the index.
    List<SlotHit> equal = new ArrayList<>();
    index.forEachInOrder(
        ordering.isDescending(),
        value -> isBefore(value, ordering),
        (value, slots) -> {
          if (!equal.isEmpty() && orderOf(equal.getFirst()).compareTo(value) != 0) {
            move(equal, order, hits, k);
          }
          if (hits.size() == k) {
            return false;
          }
          PeekableIntIterator each = slots.getIntIterator();
          while (each.hasNext()) {
            int slot = each.next();
            if (view.isLive(slot) && (memo == null || memo.matches(slot))) {
              equal.add(new SlotHit(slot, 1f, value));
            }
          }
          return true;
        });
    move(equal, order, hits, k);
    return hits;
  }

  private static void move(
      List<SlotHit> equal, Comparator<SlotHit> order, List<SlotHit> hits, int k) {
    equal.sort(order);
    for (SlotHit hit : equal.subList(0, Math.min(equal.size(), k - hits.size()))) {
      AnswerMeter.count(AnswerMeter.HIT_BYTES);
      hits.add(hit);
    }
    equal.clear();
  }

  private List<SlotHit> scanned(ShardQuery query, Ranking.Ordered ranking, int k) {
    Ordering ordering = ranking.ordering();
    Comparator<SlotHit> order =
        Comparator.comparing(FieldScan::orderOf).thenComparing(hit -> view.id(hit.slot()));
    Comparator<SlotHit> firstFirst = ordering.isDescending() ? order.reversed() : order;
    PriorityQueue<SlotHit> lastOnTop = new PriorityQueue<>(firstFirst.reversed());
    forEach(
        query.filter(),
        query.candidates(),
        slot -> {
          for (OrderValue value :
              FieldValues.orders(payload(slot, ordering.key()), ordering.key(), ranking.type())) {
            if (isBefore(value, ordering)) {
              continue;
            }
            lastOnTop.add(new SlotHit(slot, 1f, value));
            if (lastOnTop.size() > k) {
              lastOnTop.remove();
            } else {
              AnswerMeter.count(AnswerMeter.HIT_BYTES);
            }
          }
          return true;
        });
    List<SlotHit> hits = new ArrayList<>(lastOnTop);
    hits.sort(firstFirst);
    return hits;
  }

  private static OrderValue orderOf(SlotHit hit) {
    OrderValue order = hit.order();
    if (order == null) {
      throw new IllegalStateException("a hit without a value among ordered ones");
    }
    return order;
  }

  private static boolean isBefore(OrderValue value, Ordering ordering) {
    OrderValue start =
        switch (ordering.startFrom()) {
          case null -> value;
          case Ordering.Start.Whole(long whole) -> new OrderValue.Whole(whole);
          case Ordering.Start.Real(double real) -> new OrderValue.Real(real);
          case Ordering.Start.Moment(long micros) -> new OrderValue.Whole(micros);
        };
    int place = value.compareTo(start);
    return ordering.isDescending() ? place > 0 : place < 0;
  }

  /**
   * How many points have which value.
   *
   * @param limit only so many values, the most frequent; 0 = all
   */
  List<FacetHit> facet(KeyPath key, FieldIndex.Type type, @Nullable Filter filter, int limit) {
    TopFacets top = new TopFacets(limit);
    IndexedField index = view.indexes().at(key.steps());
    return index == null || index.type() != type || isRare(filter)
        ? scanned(key, type, filter, top)
        : counted(index, filter, top);
  }

  private List<FacetHit> counted(IndexedField index, @Nullable Filter filter, TopFacets top) {
    @Nullable RoaringBitmap wanted = filter == null ? live() : view.memo(filter).slots();
    index.forEachFacet((value, slots) -> {
      long count =
          wanted == null ? slots.getLongCardinality() : RoaringBitmap.andCardinality(slots, wanted);
      if (count > 0) {
        top.add(new FacetHit(value, count));
      }
      return true;
    });
    return top.hits();
  }

  /** Live slots; null where all are. */
  private @Nullable RoaringBitmap live() {
    if (!view.hasDeadSlots()) {
      return null;
    }
    RoaringBitmapWriter<RoaringBitmap> live = RoaringBitmapWriter.writer().get();
    for (int slot = view.nextLive(0); slot >= 0; slot = view.nextLive(slot + 1)) {
      live.add(slot);
    }
    return live.get();
  }

  private List<FacetHit> scanned(
      KeyPath key, FieldIndex.Type type, @Nullable Filter filter, TopFacets top) {
    Map<JsonValue, Long> counts = new HashMap<>();
    forEach(
        filter,
        null,
        slot -> {
          FieldValues.facets(payload(slot, key), key, type)
              .forEach(value -> {
                if (counts.merge(value, 1L, Long::sum) == 1) {
                  AnswerMeter.count(AnswerMeter.HIT_BYTES);
                }
              });
          return true;
        });
    // They were in memory all together; what of them goes on is counted by itself.
    AnswerMeter.count(-(long) counts.size() * AnswerMeter.HIT_BYTES);
    counts.forEach((value, count) -> top.add(new FacetHit(value, count)));
    return top.hits();
  }

  /** The groups that a point is in. */
  List<JsonValue> groups(int slot, KeyPath key) {
    return List.copyOf(FieldValues.groups(payload(slot, key), key));
  }

  private JsonObject payload(int slot, KeyPath key) {
    return PayloadReader.members(view.payload(slot), Set.of(key.head()));
  }

  private void forEach(
      @Nullable Filter filter, @Nullable Candidates candidates, IntPredicate consumer) {
    @Nullable FilterMemo memo = filter == null ? null : view.memo(filter);
    if (candidates != null) {
      for (int slot : view.slotsOf(candidates.ids())) {
        if (memo == null || memo.matches(slot)) {
          var _ = consumer.test(slot);
        }
      }
    } else if (memo != null) {
      memo.forEachMatch(consumer);
    } else {
      for (int slot = view.nextLive(0); slot >= 0; slot = view.nextLive(slot + 1)) {
        var _ = consumer.test(slot);
      }
    }
  }
}
