package dev.eddy.query.read;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.query.ScoredPoint;
import dev.eddy.model.shard.ShardException;
import dev.eddy.query.fanout.ReadScope;
import dev.eddy.query.fanout.ShardFanout;
import dev.eddy.query.fanout.Waits;
import dev.eddy.query.read.HitMerger.Merged;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs plans: those of one step together, each other one by itself under leases of its own. Safe
 * from any thread.
 */
final class PlanRunner {
  /** A lease is lost when its node is, or when it lived too long; the next one is new. */
  private static final int ATTEMPTS = 3;

  private final ShardFanout fanout;
  private final ExecutorService threads;
  private final FlatSearch flat;

  PlanRunner(ShardFanout fanout, ExecutorService threads) {
    this.fanout = requireNonNull(fanout, "fanout");
    this.threads = requireNonNull(threads, "threads");
    flat = new FlatSearch(fanout, threads);
  }

  /** The answers, at the places of their plans. */
  List<List<ScoredPoint>> run(ReadScope scope, List<QueryPlan> plans, Positions positions) {
    @SuppressWarnings({"unchecked", "rawtypes"})
    @Nullable List<ScoredPoint>[] results = new List[plans.size()];
    List<QueryPlan> flatOnes = new ArrayList<>(plans.size());
    List<QueryPlan> staged = new ArrayList<>();
    plans.forEach(plan -> (plan.isFlat() ? flatOnes : staged).add(plan));
    List<Future<List<ScoredPoint>>> answers = new ArrayList<>();
    for (QueryPlan plan : staged.size() > 1 ? staged : List.<QueryPlan>of()) {
      answers.add(threads.submit(() -> staged(scope, plan, positions)));
    }
    flat.run(scope, flatOnes, results, positions);
    for (int i = 0; i < staged.size(); i++) {
      results[staged.get(i).index()] =
          answers.isEmpty() ? staged(scope, staged.get(i), positions) : Waits.join(answers.get(i));
    }
    return List.copyOf(Arrays.asList(results));
  }

  private List<ScoredPoint> staged(ReadScope scope, QueryPlan plan, Positions positions) {
    return underLeases(
        scope, shards -> staged(new StagedSearch(shards, plan.excluded(), positions, null), plan));
  }

  /** Works with one moment of every shard; from the start again when a lease is lost. */
  <T> T underLeases(ReadScope scope, Function<LeasedShards, T> work) {
    for (int attempt = 1; ; attempt++) {
      try (LeasedShards shards = new LeasedShards(scope, fanout, threads)) {
        return work.apply(shards);
      } catch (ShardException e) {
        if (attempt == ATTEMPTS || scope.deadline().isPast()) {
          throw translated(scope, e);
        }
      }
    }
  }

  private static EddyException translated(ReadScope scope, ShardException failure) {
    String text = "collection `" + scope.generation().name() + "`: " + failure.getMessage();
    return switch (failure.reason()) {
      case TIMEOUT, STALE -> new EddyException(ErrorCode.TIMEOUT, "Timeout: " + text, failure);
      case OVERLOADED -> new EddyException(ErrorCode.OVERLOADED, "Overloaded: " + text, failure);
      case NOT_HOSTED, NOT_SERVING, LEASE_LOST, UNREACHABLE, FAILED ->
          new EddyException(ErrorCode.UNAVAILABLE, "Unavailable: " + text, failure);
    };
  }

  private static List<ScoredPoint> staged(StagedSearch search, QueryPlan plan) {
    List<Merged> hits = search.hits(plan.root());
    List<Merged> page = hits.subList(Math.min(plan.query().offset(), hits.size()), hits.size());
    Map<PointId, StoredPoint> points =
        search.fetch(page, plan.query().payload(), plan.query().vectors());
    return page.stream()
        .map(hit -> FlatSearch.scored(plan, hit.hit(), points.get(hit.hit().id())))
        .toList();
  }
}
