package dev.eddy.query.read;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.query.ScoredPoint;
import dev.eddy.model.shard.ShardException;
import dev.eddy.model.shard.ShardService.FetchRequest;
import dev.eddy.model.shard.ShardService.Hit;
import dev.eddy.model.shard.ShardService.SearchRequest;
import dev.eddy.model.shard.ShardService.SearchResponse;
import dev.eddy.model.shard.ShardService.ShardQuery;
import dev.eddy.query.fanout.AnswerBytes;
import dev.eddy.query.fanout.ReadScope;
import dev.eddy.query.fanout.ShardFanout;
import dev.eddy.query.fanout.ShardFanout.Answered;
import dev.eddy.query.fanout.Waits;
import dev.eddy.query.read.HitMerger.Merged;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Queries that are one question to each shard: ids and scores first, then the final hits are
 * fetched under the leases that found them. With a single shard, or when nothing is to be fetched,
 * it is one trip.
 *
 * <p>When a lease is lost the whole search is run again in one trip: a hit is never left out while
 * a further one qualifies, and never given the payload of another version.
 */
final class FlatSearch {
  private final ShardFanout fanout;
  private final ExecutorService threads;

  FlatSearch(ShardFanout fanout, ExecutorService threads) {
    this.fanout = requireNonNull(fanout, "fanout");
    this.threads = requireNonNull(threads, "threads");
  }

  /** Which fields are wanted; queries that want the same share a lease. */
  private record Selection(PayloadSelector payload, VectorSelector vectors) {
    static Selection of(QueryPlan plan) {
      return new Selection(plan.query().payload(), plan.query().vectors());
    }

    boolean isNothing() {
      return payload == PayloadSelector.None.NONE && vectors == VectorSelector.None.NONE;
    }
  }

  /** Answers the queries; the results are put at their places. */
  void run(
      ReadScope scope,
      List<QueryPlan> plans,
      @Nullable List<ScoredPoint>[] results,
      Positions positions) {
    if (plans.size() == 1) {
      runGroup(scope, Selection.of(plans.getFirst()), plans, results, positions);
      return;
    }
    Map<Selection, List<QueryPlan>> groups = new LinkedHashMap<>();
    for (QueryPlan plan : plans) {
      groups.computeIfAbsent(Selection.of(plan), key -> new ArrayList<>()).add(plan);
    }
    groups.forEach((selection, group) -> runGroup(scope, selection, group, results, positions));
  }

  private void runGroup(
      ReadScope scope,
      Selection selection,
      List<QueryPlan> plans,
      @Nullable List<ScoredPoint>[] results,
      Positions positions) {
    boolean isOneTrip = scope.shardCount() == 1 || selection.isNothing();
    if (!isOneTrip) {
      try {
        twoTrips(scope, selection, plans, results, positions);
        return;
      } catch (ShardException e) {
        // A lease or its node is gone: again, without leases.
        isOneTrip = true;
      }
    }
    List<Answered<SearchResponse>> answers = search(scope, plans, selection, false);
    note(answers, positions);
    for (int i = 0; i < plans.size(); i++) {
      List<ScoredPoint> points = new ArrayList<>();
      for (Merged merged : merge(answers, plans.get(i), i)) {
        points.add(scored(plans.get(i), merged.hit(), merged.hit().point()));
      }
      results[plans.get(i).index()] = points;
    }
  }

  private void twoTrips(
      ReadScope scope,
      Selection selection,
      List<QueryPlan> plans,
      @Nullable List<ScoredPoint>[] results,
      Positions positions) {
    Selection nothing = new Selection(PayloadSelector.None.NONE, VectorSelector.None.NONE);
    List<Answered<SearchResponse>> answers = search(scope, plans, nothing, true);
    List<List<Merged>> merged = new ArrayList<>(plans.size());
    List<Map<PointId, Long>> wanted = new ArrayList<>(answers.size());
    answers.forEach(answer -> wanted.add(new LinkedHashMap<>()));
    for (int i = 0; i < plans.size(); i++) {
      List<Merged> hits = merge(answers, plans.get(i), i);
      hits.forEach(hit -> wanted.get(hit.source()).put(hit.hit().id(), hit.hit().version()));
      merged.add(hits);
    }
    Map<PointId, StoredPoint> fetched = fetch(scope, selection, answers, wanted);
    note(answers, positions);
    for (int i = 0; i < plans.size(); i++) {
      List<ScoredPoint> points = new ArrayList<>(merged.get(i).size());
      for (Merged hit : merged.get(i)) {
        points.add(scored(plans.get(i), hit.hit(), fetched.get(hit.hit().id())));
      }
      results[plans.get(i).index()] = points;
    }
  }

  private List<Answered<SearchResponse>> search(
      ReadScope scope, List<QueryPlan> plans, Selection selection, boolean isLeaseKept) {
    List<ShardQuery> queries = plans.stream().map(FlatSearch::shardQuery).toList();
    return fanout.callEach(
        scope,
        ShardFanout.allShards(scope),
        shard ->
            (service, bounds) ->
                service.search(
                    new SearchRequest(
                        scope.shardId(shard),
                        bounds,
                        0,
                        queries,
                        selection.payload(),
                        selection.vectors(),
                        isLeaseKept)),
        late -> release(scope, late));
  }

  private static ShardQuery shardQuery(QueryPlan plan) {
    return StagedSearch.shardQuery(ranked(plan), plan.excluded(), null, null);
  }

  private static PlanNode.Ranked ranked(QueryPlan plan) {
    if (plan.root() instanceof PlanNode.Ranked ranked) {
      return ranked;
    }
    throw new IllegalArgumentException("not a question to shards: " + plan.root());
  }

  private static List<Merged> merge(
      List<Answered<SearchResponse>> answers, QueryPlan plan, int query) {
    List<List<Hit>> sources = new ArrayList<>(answers.size());
    answers.forEach(answer -> sources.add(answer.value().hits().get(query)));
    return HitMerger.merge(
        sources,
        ranked(plan).order(),
        plan.excluded(),
        plan.query().offset(),
        plan.query().limit());
  }

  private Map<PointId, StoredPoint> fetch(
      ReadScope scope,
      Selection selection,
      List<Answered<SearchResponse>> answers,
      List<Map<PointId, Long>> wanted) {
    List<Future<List<StoredPoint>>> fetches = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      Answered<SearchResponse> answer = answers.get(i);
      if (wanted.get(i).isEmpty()) {
        release(scope, answer);
        continue;
      }
      FetchRequest request =
          new FetchRequest(
              scope.shardId(answer.shard()),
              answer.value().leaseId(),
              List.copyOf(wanted.get(i).keySet()),
              List.copyOf(wanted.get(i).values()),
              selection.payload(),
              selection.vectors(),
              false);
      fetches.add(threads.submit(() -> AnswerBytes.counted(answer.service().fetch(request))));
    }
    Map<PointId, StoredPoint> points = new HashMap<>();
    ShardException lost = null;
    for (Future<List<StoredPoint>> fetch : fetches) {
      try {
        Waits.join(fetch).forEach(point -> points.put(point.id(), point));
      } catch (ShardException e) {
        lost = e;
      }
    }
    if (lost != null) {
      throw lost;
    }
    return points;
  }

  private void release(ReadScope scope, Answered<SearchResponse> answer) {
    long lease = answer.value().leaseId();
    if (lease != 0) {
      // Nobody waits for it, and a lease ends by itself when this does not arrive.
      var _ =
          threads.submit(() -> answer.service().releaseLease(scope.shardId(answer.shard()), lease));
    }
  }

  private static void note(List<Answered<SearchResponse>> answers, Positions positions) {
    answers.forEach(answer -> positions.answered(answer.shard(), answer.value().position()));
  }

  /** A hit as the API gives it. */
  static ScoredPoint scored(QueryPlan plan, Hit hit, @Nullable StoredPoint point) {
    return new ScoredPoint(
        hit.id(),
        plan.isScored() ? hit.version() : 0,
        plan.isScored() ? hit.score() : 1f,
        point == null ? null : point.payload(),
        point == null ? null : point.vectors(),
        hit.order());
  }
}
