package dev.eddy.query.read;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.ShardRouter;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.query.ReadOptions;
import dev.eddy.model.query.ScoredPoint;
import dev.eddy.model.shard.ShardService.CountRequest;
import dev.eddy.model.shard.ShardService.CountResponse;
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
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Reads by asking one replica of each shard concerned and putting the answers together. */
public final class FanoutReadService implements ReadService {
  private final Freshness freshness;
  private final ShardFanout fanout;
  private final NearestSearch search;
  private final CoreMetrics metrics;
  private final LongSupplier nanoClock;

  /**
   * What it works with.
   *
   * @param threads a virtual thread per task; not closed here
   * @param nanoClock monotonic, in nanoseconds
   */
  public record Surroundings(
      ClusterView view,
      ShardFanout fanout,
      LogEnds logEnds,
      Floors floors,
      CoreMetrics metrics,
      ExecutorService threads,
      LongSupplier nanoClock) {}

  public FanoutReadService(Surroundings surroundings) {
    nanoClock = requireNonNull(surroundings.nanoClock(), "nanoClock");
    fanout = surroundings.fanout();
    metrics = surroundings.metrics();
    freshness =
        new Freshness(
            new Generations(surroundings.view()),
            surroundings.floors(),
            surroundings.logEnds(),
            nanoClock);
    search = new NearestSearch(fanout, surroundings.threads());
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
    ScrollPage page = scroll(scope, query, positions);
    return new Answer<>(page, positions.coverage(scope.shardCount()));
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
    List<Answered<CountResponse>> answers =
        fanout.callEach(
            scope,
            ShardFanout.allShards(scope),
            shard ->
                (service, bounds) ->
                    service.count(new CountRequest(scope.shardId(shard), bounds, filter, exact)),
            ignored -> {});
    long count = 0;
    for (Answered<CountResponse> answer : answers) {
      positions.answered(answer.shard(), answer.value().position());
      count += answer.value().count();
    }
    return new Answer<>(count, positions.coverage(scope.shardCount()));
  }

  @Override
  public Answer<List<List<ScoredPoint>>> query(
      String collection, List<PointQuery> queries, ReadOptions options) {
    long startedNanos = nanoClock.getAsLong();
    ReadScope scope = freshness.scope(collection, options);
    queries.forEach(query -> QueryPlan.check(scope.generation().spec(), query));
    Positions positions = new Positions(scope);
    @SuppressWarnings({"unchecked", "rawtypes"})
    @Nullable List<ScoredPoint>[] results = new List[queries.size()];
    List<QueryPlan> plans = plan(scope, queries, positions);
    search.run(scope, plans, results, positions);
    for (int i = 0; i < queries.size(); i++) {
      if (queries.get(i).target() == PointQuery.Target.Everything.EVERYTHING) {
        results[i] = everything(scope, queries.get(i), positions);
      }
    }
    metrics.searchAnswered(nanoClock.getAsLong() - startedNanos, queries.size());
    int asked = queries.isEmpty() ? 0 : scope.shardCount();
    return new Answer<>(List.copyOf(Arrays.asList(results)), positions.coverage(asked));
  }

  private List<QueryPlan> plan(ReadScope scope, List<PointQuery> queries, Positions positions) {
    CollectionSpec spec = scope.generation().spec();
    Map<PointId, StoredPoint> examples = examples(scope, queries, positions);
    List<QueryPlan> plans = new ArrayList<>(queries.size());
    for (int i = 0; i < queries.size(); i++) {
      PointQuery query = queries.get(i);
      switch (query.target()) {
        case PointQuery.Target.Everything ignored -> {}
        case PointQuery.Target.ByVector(float[] vector) ->
            plans.add(new QueryPlan(i, query, vector, null, isDescending(spec, query)));
        case PointQuery.Target.ById(PointId id) ->
            plans.add(
                new QueryPlan(
                    i,
                    query,
                    exampleVector(examples.get(id), id, query.using()),
                    id,
                    isDescending(spec, query)));
      }
    }
    return plans;
  }

  private static boolean isDescending(CollectionSpec spec, PointQuery query) {
    return QueryPlan.paramsOf(spec, query.using()).distance().isDescending();
  }

  private Map<PointId, StoredPoint> examples(
      ReadScope scope, List<PointQuery> queries, Positions positions) {
    LinkedHashSet<PointId> ids = new LinkedHashSet<>();
    LinkedHashSet<String> names = new LinkedHashSet<>();
    for (PointQuery query : queries) {
      if (query.target() instanceof PointQuery.Target.ById(PointId id)) {
        ids.add(id);
        names.add(query.using());
      }
    }
    return retrieve(
        scope,
        ids,
        PayloadSelector.None.NONE,
        new VectorSelector.Names(List.copyOf(names)),
        positions);
  }

  private static float[] exampleVector(@Nullable StoredPoint example, PointId id, String using) {
    if (example == null) {
      throw EddyException.notFound("No point with id " + id + " found");
    }
    Vector vector = example.vectors() == null ? null : example.vectors().byName().get(using);
    return switch (vector) {
      case null -> throw EddyException.notFound("Vector with name `" + using + "` for point " + id);
      case Vector.Dense(float[] values) -> values;
      case Vector.Sparse ignored -> throw EddyException.notImplemented("sparse vectors");
      case Vector.Multi ignored -> throw EddyException.notImplemented("multivectors");
    };
  }

  /** Points in the order of ids. */
  private List<ScoredPoint> everything(ReadScope scope, PointQuery query, Positions positions) {
    PointId from = null;
    if (query.offset() > 0) {
      ScrollQuery skipped =
          new ScrollQuery(
              null,
              query.offset(),
              query.filter(),
              PayloadSelector.None.NONE,
              VectorSelector.None.NONE);
      from = scroll(scope, skipped, positions).nextId();
      if (from == null) {
        return List.of();
      }
    }
    ScrollQuery page =
        new ScrollQuery(from, query.limit(), query.filter(), query.payload(), query.vectors());
    List<ScoredPoint> points = new ArrayList<>();
    for (StoredPoint point : scroll(scope, page, positions).points()) {
      points.add(new ScoredPoint(point.id(), 0, 1.0f, point.payload(), point.vectors()));
    }
    return points;
  }
}
