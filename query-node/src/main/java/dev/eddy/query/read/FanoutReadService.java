package dev.eddy.query.read;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.ShardRouter;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.query.DistanceMatrix;
import dev.eddy.model.query.FacetHit;
import dev.eddy.model.query.FacetQuery;
import dev.eddy.model.query.GroupQuery;
import dev.eddy.model.query.MatrixQuery;
import dev.eddy.model.query.OrderValue;
import dev.eddy.model.query.Ordering;
import dev.eddy.model.query.PointGroup;
import dev.eddy.model.query.PointQuery;
import dev.eddy.model.query.Query;
import dev.eddy.model.query.Ranking;
import dev.eddy.model.query.ReadOptions;
import dev.eddy.model.query.ScoredPoint;
import dev.eddy.model.query.SearchParams;
import dev.eddy.model.shard.ShardService.PointsResponse;
import dev.eddy.model.shard.ShardService.RetrieveRequest;
import dev.eddy.model.shard.ShardService.ScrollRequest;
import dev.eddy.query.fanout.Floors;
import dev.eddy.query.fanout.Generations;
import dev.eddy.query.fanout.LogEnds;
import dev.eddy.query.fanout.ReadScope;
import dev.eddy.query.fanout.ShardFanout;
import dev.eddy.query.fanout.ShardFanout.Answered;
import dev.eddy.query.metrics.CoreMetrics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads by asking one replica of each shard concerned and putting the answers together. */
public final class FanoutReadService implements ReadService {
  private final Freshness freshness;
  private final ShardFanout fanout;
  private final ShardCounts counts;
  private final PlanRunner search;
  private final CoreMetrics metrics;
  private final LongSupplier nanoClock;
  private final LongSupplier seeds;

  /**
   * What it works with.
   *
   * @param threads a virtual thread per task; not closed here
   * @param nanoClock monotonic, in nanoseconds
   * @param seeds by which samples are drawn
   */
  public record Surroundings(
      ClusterView view,
      ShardFanout fanout,
      LogEnds logEnds,
      Floors floors,
      CoreMetrics metrics,
      ExecutorService threads,
      LongSupplier nanoClock,
      LongSupplier seeds) {}

  public FanoutReadService(Surroundings surroundings) {
    nanoClock = requireNonNull(surroundings.nanoClock(), "nanoClock");
    fanout = surroundings.fanout();
    counts = new ShardCounts(fanout);
    metrics = surroundings.metrics();
    freshness =
        new Freshness(
            new Generations(surroundings.view()),
            surroundings.floors(),
            surroundings.logEnds(),
            nanoClock);
    search = new PlanRunner(fanout, surroundings.threads());
    seeds = requireNonNull(surroundings.seeds(), "seeds");
  }

  @Override
  public Answer<List<StoredPoint>> retrieve(
      String collection,
      List<PointId> ids,
      PayloadSelector payload,
      VectorSelector vectors,
      ReadOptions options) {
    ReadScope scope = freshness.scope(collection, options);
    Positions positions = new Positions(scope);
    LinkedHashSet<PointId> distinct = new LinkedHashSet<>(ids);
    Map<PointId, StoredPoint> found = retrieve(scope, distinct, payload, vectors, positions);
    List<StoredPoint> points = new ArrayList<>(found.size());
    for (PointId id : distinct) {
      StoredPoint point = found.get(id);
      if (point != null) {
        points.add(point);
      }
    }
    Coverage coverage = positions.coverage(shardsOf(distinct, scope.shardCount()).size());
    return new Answer<>(points, coverage);
  }

  private static Map<Integer, List<PointId>> shardsOf(Iterable<PointId> ids, int shardCount) {
    Map<Integer, List<PointId>> byShard = new TreeMap<>();
    for (PointId id : ids) {
      int shard = ShardRouter.shardOf(id, shardCount);
      byShard.computeIfAbsent(shard, key -> new ArrayList<>()).add(id);
    }
    return byShard;
  }

  private Map<PointId, StoredPoint> retrieve(
      ReadScope scope,
      LinkedHashSet<PointId> ids,
      PayloadSelector payload,
      VectorSelector vectors,
      Positions positions) {
    if (ids.isEmpty()) {
      return Map.of();
    }
    Map<Integer, List<PointId>> byShard = shardsOf(ids, scope.shardCount());
    List<Answered<PointsResponse>> answers =
        fanout.callEach(
            scope,
            List.copyOf(byShard.keySet()),
            shard ->
                (service, bounds) ->
                    service.retrieve(
                        new RetrieveRequest(
                            scope.shardId(shard),
                            bounds,
                            byShard.getOrDefault(shard, List.of()),
                            payload,
                            vectors)),
            ignored -> {});
    Map<PointId, StoredPoint> found = new HashMap<>();
    for (Answered<PointsResponse> answer : answers) {
      positions.answered(answer.shard(), answer.value().position());
      answer.value().points().forEach(point -> found.put(point.id(), point));
    }
    return found;
  }

  @Override
  public Answer<ScrollPage> scroll(String collection, ScrollQuery query, ReadOptions options) {
    if (query.limit() < 1) {
      throw EddyException.validation(
          "limit: value " + query.limit() + " invalid, must be 1 or larger");
    }
    ReadScope scope = freshness.scope(collection, options);
    Positions positions = new Positions(scope);
    Ordering order = query.order();
    ScrollPage page =
        order == null ? scroll(scope, query, positions) : ordered(scope, query, order, positions);
    return new Answer<>(page, positions.coverage(scope.shardCount()));
  }

  private ScrollPage ordered(
      ReadScope scope, ScrollQuery query, Ordering order, Positions positions) {
    if (query.from() != null) {
      throw EddyException.badRequest("Cannot use an `offset` when using `order_by`.");
    }
    PointQuery ordered =
        new PointQuery(
            List.of(),
            new Query.OrderBy(order),
            Vectors.UNNAMED,
            query.filter(),
            SearchParams.DEFAULT,
            query.limit(),
            0,
            null,
            null,
            query.payload(),
            query.vectors());
    CollectionSpec spec = scope.generation().spec();
    QueryCheck.check(spec, ordered);
    QueryPlan plan =
        new QueryPlanner(spec, Examples.of(List.of()), new IdfWeights(spec), 0)
            .plan(0, ordered, Set.of());
    List<StoredPoint> points = new ArrayList<>();
    List<OrderValue> values = new ArrayList<>();
    for (ScoredPoint hit : search.run(scope, List.of(plan), positions).getFirst()) {
      points.add(new StoredPoint(hit.id(), hit.version(), hit.payload(), hit.vectors()));
      values.add(requireNonNull(hit.order(), "order"));
    }
    return new ScrollPage(points, null, values);
  }

  private ScrollPage scroll(ReadScope scope, ScrollQuery query, Positions positions) {
    // One more than asked shows whether there is a next page.
    int wanted = query.limit() == Integer.MAX_VALUE ? query.limit() : query.limit() + 1;
    List<Answered<PointsResponse>> answers =
        fanout.callEach(
            scope,
            ShardFanout.allShards(scope),
            shard ->
                (service, bounds) ->
                    service.scroll(
                        new ScrollRequest(
                            scope.shardId(shard),
                            bounds,
                            query.from(),
                            wanted,
                            query.filter(),
                            query.payload(),
                            query.vectors())),
            ignored -> {});
    List<StoredPoint> points = new ArrayList<>();
    for (Answered<PointsResponse> answer : answers) {
      positions.answered(answer.shard(), answer.value().position());
      points.addAll(answer.value().points());
    }
    if (answers.size() > 1) {
      points.sort(Comparator.comparing(StoredPoint::id));
    }
    return points.size() <= query.limit()
        ? new ScrollPage(points, null)
        : new ScrollPage(points.subList(0, query.limit()), points.get(query.limit()).id());
  }

  @Override
  public Answer<Long> count(
      String collection, @Nullable Filter filter, boolean exact, ReadOptions options) {
    ReadScope scope = freshness.scope(collection, options);
    Positions positions = new Positions(scope);
    long count = counts.points(scope, filter, exact, positions);
    return new Answer<>(count, positions.coverage(scope.shardCount()));
  }

  @Override
  public Answer<List<List<ScoredPoint>>> query(
      String collection, List<PointQuery> queries, ReadOptions options) {
    long startedNanos = nanoClock.getAsLong();
    ReadScope scope = freshness.scope(collection, options);
    queries.forEach(query -> QueryCheck.check(scope.generation().spec(), query));
    Positions positions = new Positions(scope);
    Planning planning = planning(scope, queries, options, positions);
    List<QueryPlan> plans = new ArrayList<>(queries.size());
    for (int i = 0; i < queries.size(); i++) {
      plans.add(planning.plan(i, queries.get(i)));
    }
    List<List<ScoredPoint>> results = search.run(scope, plans, positions);
    metrics.searchAnswered(nanoClock.getAsLong() - startedNanos, queries.size());
    int asked = queries.isEmpty() ? 0 : scope.shardCount();
    return new Answer<>(results, positions.coverage(asked));
  }

  /**
   * What plans are made with once the examples are read.
   *
   * @param own names by which lookups mean the collection that is asked
   */
  private record Planning(QueryPlanner planner, Set<String> own) {
    QueryPlan plan(int index, PointQuery query) {
      return planner.plan(index, query, Examples.idsOf(query, own));
    }
  }

  private Planning planning(
      ReadScope scope, List<PointQuery> queries, ReadOptions options, Positions positions) {
    Examples examples = Examples.of(queries);
    Set<String> own = new HashSet<>();
    examples
        .wanted()
        .forEach((name, wanted) -> {
          ReadScope from = name.isEmpty() ? scope : lookupScope(name, options);
          boolean isOwn =
              from.generation().collectionId().equals(scope.generation().collectionId());
          if (isOwn) {
            own.add(name);
          }
          examples.found(
              name,
              retrieve(
                  isOwn ? scope : from,
                  wanted.ids(),
                  PayloadSelector.None.NONE,
                  new VectorSelector.Names(List.copyOf(wanted.vectors())),
                  isOwn ? positions : new Positions(from)));
        });
    IdfWeights idf = new IdfWeights(scope.generation().spec());
    QueryPlanner planner =
        new QueryPlanner(scope.generation().spec(), examples, idf, seeds.getAsLong());
    Planning planning = new Planning(planner, own);
    if (idf.isActive()) {
      // Planning once notes what must be counted before the plans that count are made.
      queries.forEach(query -> {
        var _ = planning.plan(0, query);
      });
      idf.count((corpus, indices) -> counts.terms(scope, corpus, indices, positions));
    }
    return planning;
  }

  @Override
  public Answer<List<PointGroup>> groups(String collection, GroupQuery query, ReadOptions options) {
    if (query.groupSize() < 1) {
      throw EddyException.validation(
          "group_size: value " + query.groupSize() + " invalid, must be 1 or larger");
    }
    ReadScope scope = freshness.scope(collection, options);
    PointQuery ranked =
        GroupSearch.widened(query.query(), query.groupSize()).withWindow(query.groups(), 0);
    QueryCheck.check(scope.generation().spec(), ranked);
    GroupQuery.Lookup lookup = query.lookup();
    ReadScope lookupScope = lookup == null ? scope : lookupScope(lookup.collection(), options);
    Positions positions = new Positions(scope);
    Planning planning = planning(scope, List.of(ranked), options, positions);
    GroupQuery widened =
        new GroupQuery(ranked, query.groupBy(), query.groups(), query.groupSize(), lookup);
    List<PointGroup> groups =
        search.underLeases(
            scope,
            shards ->
                new GroupSearch(shards, widened, each -> planning.plan(0, each), positions)
                    .groups());
    return new Answer<>(
        lookup == null ? groups : looked(lookupScope, lookup, groups),
        positions.coverage(scope.shardCount()));
  }

  private List<PointGroup> looked(
      ReadScope scope, GroupQuery.Lookup lookup, List<PointGroup> groups) {
    LinkedHashSet<PointId> ids = new LinkedHashSet<>();
    groups.forEach(group -> GroupSearch.idOf(group).ifPresent(ids::add));
    Map<PointId, StoredPoint> found =
        retrieve(scope, ids, lookup.payload(), lookup.vectors(), new Positions(scope));
    return groups.stream()
        .map(group ->
            new PointGroup(
                group.value(), group.hits(), GroupSearch.idOf(group).map(found::get).orElse(null)))
        .toList();
  }

  @Override
  public Answer<List<FacetHit>> facet(String collection, FacetQuery query, ReadOptions options) {
    requireAtLeast(1, query.limit(), "limit");
    ReadScope scope = freshness.scope(collection, options);
    FieldIndex.Type type = DeclaredFields.facet(scope.generation().spec(), query.key());
    Positions positions = new Positions(scope);
    List<FacetHit> hits = counts.facet(scope, query, type, positions);
    return new Answer<>(hits, positions.coverage(scope.shardCount()));
  }

  @Override
  public Answer<DistanceMatrix> matrix(String collection, MatrixQuery query, ReadOptions options) {
    requireAtLeast(2, query.sample(), "sample");
    requireAtLeast(1, query.limit(), "limit");
    ReadScope scope = freshness.scope(collection, options);
    Distance distance = QueryCheck.distanceOf(scope.generation().spec(), query.using());
    Positions positions = new Positions(scope);
    UnaryOperator<List<Ranking>> weighing = counts.weighing(scope, query.using(), positions);
    long seed = seeds.getAsLong();
    DistanceMatrix matrix =
        search.underLeases(
            scope, shards -> MatrixSearch.run(shards, query, distance, seed, weighing, positions));
    return new Answer<>(matrix, positions.coverage(scope.shardCount()));
  }

  private static void requireAtLeast(int least, int value, String name) {
    if (value < least) {
      throw EddyException.validation(
          "%s: value %d invalid, must be %d or larger".formatted(name, value, least));
    }
  }

  /** A collection that only gives examples: as new as asked, but the token is not about it. */
  private ReadScope lookupScope(String collection, ReadOptions options) {
    try {
      return freshness.scope(
          collection, new ReadOptions(options.strong(), null, options.timeout()));
    } catch (EddyException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        throw EddyException.notFound("Collection " + collection + " not found");
      }
      throw e;
    }
  }
}
