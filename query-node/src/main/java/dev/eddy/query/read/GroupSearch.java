package dev.eddy.query.read;

import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.FieldPredicate.MatchValue;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonLong;
import dev.eddy.model.json.JsonValue.JsonString;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.query.GroupQuery;
import dev.eddy.model.query.PointGroup;
import dev.eddy.model.query.PointQuery;
import dev.eddy.model.query.Prefetch;
import dev.eddy.query.read.HitMerger.Merged;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The groups of a query: exactly those of its whole ranking, however many hits must be looked at.
 * First the ranking is followed until there are enough groups, then until those are full, asking
 * only for their points. Ends when the ranking does. One thread, one query.
 */
final class GroupSearch {
  /** How many times more hits are asked for when they were too few. */
  private static final int GROWTH = 4;

  private static final int HITS_MAX = 1 << 30;

  private final LeasedShards shards;
  private final GroupQuery query;
  private final Function<PointQuery, QueryPlan> planner;
  private final Positions positions;
  private final Map<JsonValue, List<Merged>> groups = new LinkedHashMap<>();

  GroupSearch(
      LeasedShards shards,
      GroupQuery query,
      Function<PointQuery, QueryPlan> planner,
      Positions positions) {
    this.shards = shards;
    this.query = query;
    this.planner = planner;
    this.positions = positions;
  }

  /** The groups by their best hit, without lookups. */
  List<PointGroup> groups() {
    int wanted = (int) Math.min((long) query.groups() * query.groupSize(), HITS_MAX);
    QueryPlan plan = planner.apply(query.query().withWindow(wanted, 0));
    if (plan.isFlat()) {
      follow(wanted, null, () -> groups.size() >= query.groups());
      keepFirst();
      fill();
    } else {
      // What was prefetched is all there is; how much that is, the query says itself.
      boolean isCut = plan.root() instanceof PlanNode.Diverse;
      take(hits(isCut ? plan : planner.apply(query.query().withWindow(HITS_MAX, 0))));
      keepFirst();
    }
    return fetched(plan);
  }

  /** The query with room for whole groups in what it prefetches. */
  static PointQuery widened(PointQuery query, int groupSize) {
    return new PointQuery(
        widened(query.prefetch(), groupSize),
        query.query(),
        query.using(),
        query.filter(),
        query.params(),
        query.limit(),
        query.offset(),
        query.scoreThreshold(),
        query.lookupFrom(),
        query.payload(),
        query.vectors());
  }

  private static List<Prefetch> widened(List<Prefetch> prefetches, int groupSize) {
    return prefetches.stream()
        .map(each ->
            new Prefetch(
                widened(each.prefetch(), groupSize),
                each.query(),
                each.using(),
                each.filter(),
                each.params(),
                (int) Math.min((long) each.limit() * groupSize, HITS_MAX),
                each.scoreThreshold(),
                each.lookupFrom()))
        .toList();
  }

  /** The point that a group's value names. */
  static Optional<PointId> idOf(PointGroup group) {
    return switch (group.value()) {
      case JsonLong(long value) when value >= 0 -> Optional.of(PointId.of(value));
      case JsonValue.JsonUnsigned(long bits) -> Optional.of(PointId.of(bits));
      case JsonString(String text) -> PointId.parseUuid(text).map(id -> id);
      default -> Optional.empty();
    };
  }

  private interface Goal {
    boolean isReached();
  }

  private void follow(int first, @Nullable Filter only, Goal goal) {
    int limit = first;
    while (true) {
      PointQuery asked = query.query().withWindow(limit, 0);
      PointQuery narrowed = only == null ? asked : asked.within(only);
      List<Merged> hits = hits(planner.apply(narrowed));
      take(hits);
      if (goal.isReached() || hits.size() < limit || limit == HITS_MAX) {
        return;
      }
      limit = (int) Math.min((long) limit * GROWTH, HITS_MAX);
    }
  }

  private List<Merged> hits(QueryPlan plan) {
    return new StagedSearch(shards, plan.excluded(), positions, query.groupBy()).hits(plan.root());
  }

  /** Puts hits into their groups; what is there already stays in its place. */
  private void take(List<Merged> hits) {
    for (Merged hit : hits) {
      for (JsonValue value : hit.hit().groups()) {
        List<Merged> members = groups.computeIfAbsent(value, key -> new ArrayList<>());
        boolean isNew =
            members.stream().noneMatch(member -> member.hit().id().equals(hit.hit().id()));
        if (members.size() < query.groupSize() && isNew) {
          members.add(hit);
        }
      }
    }
  }

  private void keepFirst() {
    List<JsonValue> values = List.copyOf(groups.keySet());
    if (values.size() > query.groups()) {
      groups.keySet().removeAll(values.subList(query.groups(), values.size()));
    }
  }

  private void fill() {
    Set<JsonValue> kept = new LinkedHashSet<>(groups.keySet());
    List<JsonValue> open = kept.stream().filter(value -> !isFull(value)).toList();
    if (open.isEmpty()) {
      return;
    }
    int wanted = (int) Math.min((long) open.size() * query.groupSize(), HITS_MAX);
    follow(wanted, membersOf(open), () -> open.stream().allMatch(this::isFull));
    groups.keySet().retainAll(kept);
  }

  private boolean isFull(JsonValue value) {
    List<Merged> members = groups.get(value);
    return members != null && members.size() >= query.groupSize();
  }

  /** What every member of the groups passes; null when a value can't be matched. */
  private @Nullable Filter membersOf(Collection<JsonValue> values) {
    List<MatchValue> texts = new ArrayList<>();
    List<MatchValue> integers = new ArrayList<>();
    for (JsonValue value : values) {
      switch (value) {
        case JsonString(String text) -> texts.add(new MatchValue.Keyword(text));
        case JsonLong(long whole) -> integers.add(new MatchValue.Whole(whole));
        default -> {
          return null;
        }
      }
    }
    List<FieldPredicate> predicates =
        List.of(new FieldPredicate.MatchAny(texts), new FieldPredicate.MatchAny(integers));
    return Filter.must(new Condition.Field(query.groupBy(), predicates));
  }

  private List<PointGroup> fetched(QueryPlan plan) {
    Map<PointId, Merged> distinct = new LinkedHashMap<>();
    groups.values().forEach(hits -> hits.forEach(hit -> distinct.put(hit.hit().id(), hit)));
    Map<PointId, StoredPoint> points =
        new StagedSearch(shards, plan.excluded(), positions, null)
            .fetch(
                List.copyOf(distinct.values()), query.query().payload(), query.query().vectors());
    List<PointGroup> all = new ArrayList<>(groups.size());
    groups.forEach((value, hits) ->
        all.add(
            new PointGroup(
                value,
                hits.stream()
                    .map(hit -> FlatSearch.scored(plan, hit.hit(), points.get(hit.hit().id())))
                    .toList(),
                null)));
    return all;
  }
}
