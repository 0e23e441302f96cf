package dev.eddy.engine.search;

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

/** Reads one field of all points that match: orders and counts by its values, exactly. */
final class FieldScan {
  private final ShardView view;

  FieldScan(ShardView view) {
    this.view = view;
  }

  /** The first k (point, value) pairs in the order asked for. */
  List<SlotHit> ordered(ShardQuery query, Ranking.Ordered ranking, int k) {
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

  /** How many points have which value. */
  List<FacetHit> facet(KeyPath key, FieldIndex.Type type, @Nullable Filter filter) {
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
    return counts.entrySet().stream()
        .map(entry -> new FacetHit(entry.getKey(), entry.getValue()))
        .toList();
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
