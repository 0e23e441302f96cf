package dev.eddy.query.read;

import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.shard.ShardException;
import dev.eddy.model.shard.ShardService;
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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/**
 * One moment of every shard, for a query of several trips: the first search takes a lease of each,
 * all that follows is answered under it. So a point is the same on every trip.
 *
 * <p>One thread. After a {@link ShardException} (a lease or its node is gone) only {@link #close}
 * makes sense.
 */
final class LeasedShards implements AutoCloseable {
  private final ReadScope scope;
  private final ShardFanout fanout;
  private final ExecutorService threads;

  /** By shard; empty before the first search. */
  private final List<Held> held = new ArrayList<>();

  /** A lease; 0 = given back, or used up by a trip that failed. */
  private static final class Held {
    private final ShardService service;
    private long leaseId;

    Held(ShardService service, long leaseId) {
      this.service = service;
      this.leaseId = leaseId;
    }
  }

  LeasedShards(ReadScope scope, ShardFanout fanout, ExecutorService threads) {
    this.scope = scope;
    this.fanout = fanout;
    this.threads = threads;
  }

  /**
   * Hits by shard and query.
   *
   * @param queries of a shard; as many for each
   */
  List<List<List<Hit>>> search(IntFunction<List<ShardQuery>> queries, Positions positions) {
    return held.isEmpty() ? firstSearch(queries, positions) : nextSearch(queries);
  }

  private List<List<List<Hit>>> firstSearch(
      IntFunction<List<ShardQuery>> queries, Positions positions) {
    List<Answered<SearchResponse>> answers =
        fanout.callEach(
            scope,
            ShardFanout.allShards(scope),
            shard -> (service, bounds) -> service.search(request(shard, 0, queries.apply(shard))),
            this::release);
    List<List<List<Hit>>> hits = new ArrayList<>(answers.size());
    for (Answered<SearchResponse> answer : answers) {
      held.add(new Held(answer.service(), answer.value().leaseId()));
      positions.answered(answer.shard(), answer.value().position());
      hits.add(answer.value().hits());
    }
    return hits;
  }

  private List<List<List<Hit>>> nextSearch(IntFunction<List<ShardQuery>> queries) {
    List<Future<List<List<Hit>>>> answers = new ArrayList<>(held.size());
    for (int shard = 0; shard < held.size(); shard++) {
      int number = shard;
      List<ShardQuery> asked = queries.apply(shard);
      answers.add(threads.submit(() -> search(number, asked)));
    }
    return joined(answers);
  }

  private List<List<Hit>> search(int shard, List<ShardQuery> queries) {
    boolean isNobodyAsked =
        queries.stream()
            .allMatch(query -> query.candidates() != null && query.candidates().ids().isEmpty());
    if (isNobodyAsked) {
      return queries.stream().map(query -> List.<Hit>of()).toList();
    }
    Held of = held.get(shard);
    long leaseId = of.leaseId;
    of.leaseId = 0;
    SearchResponse answer = of.service.search(request(shard, leaseId, queries));
    of.leaseId = answer.leaseId();
    return answer.hits();
  }

  private SearchRequest request(int shard, long leaseId, List<ShardQuery> queries) {
    return new SearchRequest(
        scope.shardId(shard),
        scope.bounds(shard),
        leaseId,
        queries,
        PayloadSelector.None.NONE,
        VectorSelector.None.NONE,
        true);
  }

  /**
   * Reads points that were hits.
   *
   * @param isLast whether nothing more follows
   */
  Map<PointId, StoredPoint> fetch(
      List<Merged> hits, PayloadSelector payload, VectorSelector vectors, boolean isLast) {
    Map<Integer, List<Hit>> byShard = new TreeMap<>();
    hits.forEach(
        hit -> byShard.computeIfAbsent(hit.source(), key -> new ArrayList<>()).add(hit.hit()));
    List<Future<List<StoredPoint>>> answers = new ArrayList<>(byShard.size());
    byShard.forEach((shard, wanted) -> {
      Held of = held.get(shard);
      FetchRequest request =
          new FetchRequest(
              scope.shardId(shard),
              of.leaseId,
              wanted.stream().map(Hit::id).toList(),
              wanted.stream().map(Hit::version).toList(),
              payload,
              vectors,
              !isLast);
      of.leaseId = isLast ? 0 : of.leaseId;
      answers.add(threads.submit(() -> AnswerBytes.counted(of.service.fetch(request))));
    });
    Map<PointId, StoredPoint> points = new HashMap<>();
    joined(answers).forEach(found -> found.forEach(point -> points.put(point.id(), point)));
    return points;
  }

  /** All answers; of several failures that of a lease or node last, as it can be helped. */
  private static <T> List<T> joined(List<Future<T>> futures) {
    List<T> values = new ArrayList<>(futures.size());
    RuntimeException failure = null;
    for (Future<T> future : futures) {
      try {
        values.add(Waits.join(future));
      } catch (RuntimeException e) {
        failure = failure == null || failure instanceof ShardException ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return values;
  }

  private void release(Answered<SearchResponse> answer) {
    release(answer.shard(), answer.service(), answer.value().leaseId());
  }

  private void release(int shard, ShardService service, long leaseId) {
    if (leaseId != 0) {
      // Nobody waits for it, and a lease ends by itself when this does not arrive.
      var _ = threads.submit(() -> service.releaseLease(scope.shardId(shard), leaseId));
    }
  }

  /** Gives back what is still held. */
  @Override
  public void close() {
    for (int shard = 0; shard < held.size(); shard++) {
      release(shard, held.get(shard).service, held.get(shard).leaseId);
      held.get(shard).leaseId = 0;
    }
  }
}
