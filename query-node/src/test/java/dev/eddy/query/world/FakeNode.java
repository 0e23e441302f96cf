package dev.eddy.query.world;

import dev.eddy.model.collection.Distance;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.Vector;
import dev.eddy.model.query.FacetHit;
import dev.eddy.model.query.Ranking;
import dev.eddy.model.query.SearchParams;
import dev.eddy.model.shard.MemoryUse;
import dev.eddy.model.shard.ShardException;
import dev.eddy.model.shard.ShardException.Reason;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.shard.ShardService;
import dev.eddy.model.shard.StorageBytes;
import dev.eddy.model.shard.VectorForms;
import dev.eddy.model.update.Update;
import dev.eddy.model.update.Verdict;
import dev.eddy.model.usage.HardwareUsage;
import dev.eddy.model.usage.PlanSums;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An index node in memory, with switches for what can go wrong. Safe from any thread. */
public final class FakeNode implements ShardService {
  private final Map<ShardId, FakeShard> shards = new HashMap<>();
  private final Map<ShardId, Distance> distances = new HashMap<>();
  private final Map<ShardId, List<Update>> logs;
  private final Set<Long> leases = new HashSet<>();
  private final AtomicLong leaseIds = new AtomicLong();

  /** Calls that reached this node, whatever became of them. */
  public final AtomicInteger calls = new AtomicInteger();

  public final AtomicInteger fetches = new AtomicInteger();

  /** Does not answer at all. */
  public volatile boolean isDown;

  /** Applies nothing. */
  public volatile boolean isPaused;

  /** Never ends a call before its time is up. */
  public volatile boolean isHanging;

  /** Has forgotten what became of every update. */
  public volatile boolean isForgetful;

  /** What it knows of declared fields, of every shard. */
  public volatile Map<String, Long> fieldPoints = Map.of();

  /** What it can't do for now, of every shard; null = nothing. */
  public volatile @Nullable String problem;

  /** Limits of the facets it was asked for. */
  public final List<Integer> facetLimits = new CopyOnWriteArrayList<>();

  /** Drops the next so many leases. */
  public final AtomicInteger leasesToLose = new AtomicInteger();

  FakeNode(Map<ShardId, List<Update>> logs) {
    this.logs = logs;
  }

  synchronized void host(ShardId shard, Distance distance) {
    shards.put(shard, new FakeShard());
    distances.put(shard, distance);
  }

  public synchronized int openLeases() {
    return leases.size();
  }

  /** Applies what is in the log. */
  synchronized void catchUp() {
    if (isPaused || isDown) {
      return;
    }
    shards.forEach((id, shard) -> {
      List<Update> log = logs.getOrDefault(id, List.of());
      synchronized (logs) {
        while (shard.position() < log.size()) {
          shard.apply(shard.position(), log.get((int) shard.position()));
        }
      }
    });
    notifyAll();
  }

  private synchronized FakeShard ready(ShardId id, long minPosition, long timeoutMs) {
    calls.incrementAndGet();
    if (isDown) {
      throw new ShardException(Reason.UNREACHABLE, "node is down");
    }
    FakeShard shard = shards.get(id);
    if (shard == null) {
      throw new ShardException(Reason.NOT_HOSTED, "not hosted: " + id);
    }
    long end = System.nanoTime() + timeoutMs * 1_000_000;
    while (isHanging || shard.position() < minPosition) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new ShardException(
            isHanging ? Reason.TIMEOUT : Reason.STALE,
            "at position " + shard.position() + ", asked for " + minPosition);
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        throw new ShardException(Reason.TIMEOUT, "cancelled", e);
      }
      if (isDown) {
        throw new ShardException(Reason.UNREACHABLE, "node went down");
      }
    }
    return shard;
  }

  private FakeShard ready(ShardId id, Bounds bounds) {
    return ready(id, bounds.minPosition(), bounds.timeout().toMillis());
  }

  @Override
  public synchronized SearchResponse search(SearchRequest request) {
    FakeShard shard = ready(request.shard(), request.bounds());
    if (request.leaseId() != 0) {
      use(request.leaseId());
    }
    List<List<Hit>> results = new ArrayList<>();
    for (ShardQuery query : request.queries()) {
      HardwareUsage.add(HardwareUsage.Part.CPU, 1);
      results.add(
          query.params().equals(new SearchParams(null, false, true))
              ? List.of()
              : hits(shard, query, request));
    }
    long lease = 0;
    if (request.keepLease()) {
      lease = leaseIds.incrementAndGet();
      leases.add(lease);
    }
    return new SearchResponse(results, shard.position(), lease);
  }

  private void use(long leaseId) {
    boolean isHeld = leases.remove(leaseId);
    if (!isHeld || leasesToLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new ShardException(Reason.LEASE_LOST, "lease " + leaseId + " is gone");
    }
  }

  /** Knows the nearest to dense vectors and the order of ids. */
  private List<Hit> hits(FakeShard shard, ShardQuery query, SearchRequest request) {
    boolean isPlain =
        request.payload() == dev.eddy.model.point.PayloadSelector.None.NONE
            && request.vectors() == dev.eddy.model.point.VectorSelector.None.NONE;
    Distance distance = distances.getOrDefault(request.shard(), Distance.DOT);
    boolean isById = query.ranking() == Ranking.ById.BY_ID;
    List<Hit> hits = new ArrayList<>();
    for (StoredPoint point : shard.matching(query.filter())) {
      if (query.candidates() != null && !query.candidates().ids().contains(point.id())) {
        continue;
      }
      Float score = isById ? (Float) 1f : score(distance, query, point);
      Float threshold = query.scoreThreshold();
      if (score != null
          && (threshold == null
              || (distance.isDescending() ? score > threshold : score < threshold))) {
        StoredPoint selected =
            isPlain ? null : FakeShard.select(point, request.payload(), request.vectors());
        hits.add(
            new Hit(
                point.id(),
                point.version(),
                score,
                groups(point, query.groupBy()),
                null,
                selected));
      }
    }
    Comparator<Hit> order = Comparator.comparing(Hit::score).thenComparing(Hit::id);
    hits.sort(!isById && distance.isDescending() ? order.reversed() : order);
    return List.copyOf(hits.subList(0, Math.min(query.limit(), hits.size())));
  }

  private static @org.jspecify.annotations.Nullable Float score(
      Distance distance, ShardQuery query, StoredPoint point) {
    if (query.ranking() instanceof Ranking.Sample(long seed)) {
      return new SplittableRandom(seed + point.id().hashCode()).nextInt(1 << 20) / 1024f;
    }
    if (!(query.ranking() instanceof Ranking.Nearest(Vector.Dense(float[] wanted)))) {
      throw new IllegalArgumentException("the fake does not know " + query.ranking());
    }
    return FakeShard.denseOf(point, query.using()).stream()
        .map(values -> FakeShard.score(distance, wanted, values))
        .findFirst()
        .orElse(null);
  }

  @Override
  public synchronized List<StoredPoint> fetch(FetchRequest request) {
    fetches.incrementAndGet();
    FakeShard shard = ready(request.shard(), 0, 0);
    use(request.leaseId());
    if (request.keepLease()) {
      leases.add(request.leaseId());
    }
    List<StoredPoint> points = new ArrayList<>();
    for (PointId id : request.ids()) {
      StoredPoint point = shard.get(id);
      if (point == null) {
        throw new ShardException(Reason.LEASE_LOST, "the fake keeps no snapshots");
      }
      points.add(FakeShard.select(point, request.payload(), request.vectors()));
    }
    return points;
  }

  @Override
  public synchronized void releaseLease(ShardId shard, long leaseId) {
    leases.remove(leaseId);
  }

  @Override
  public synchronized PointsResponse retrieve(RetrieveRequest request) {
    FakeShard shard = ready(request.shard(), request.bounds());
    List<StoredPoint> points = new ArrayList<>();
    for (PointId id : request.ids()) {
      StoredPoint point = shard.get(id);
      if (point != null) {
        points.add(FakeShard.select(point, request.payload(), request.vectors()));
      }
    }
    return new PointsResponse(points, shard.position());
  }

  @Override
  public synchronized PointsResponse scroll(ScrollRequest request) {
    FakeShard shard = ready(request.shard(), request.bounds());
    PointId from = request.from();
    List<StoredPoint> points =
        shard.matching(request.filter()).stream()
            .filter(point -> from == null || point.id().compareTo(from) >= 0)
            .limit(request.limit())
            .map(point -> FakeShard.select(point, request.payload(), request.vectors()))
            .toList();
    return new PointsResponse(points, shard.position());
  }

  @Override
  public synchronized CountResponse count(CountRequest request) {
    FakeShard shard = ready(request.shard(), request.bounds());
    return new CountResponse(shard.matching(request.filter()).size(), shard.position());
  }

  @Override
  public synchronized TermsResponse countTerms(TermsRequest request) {
    FakeShard shard = ready(request.shard(), request.bounds());
    List<Set<Integer>> points = new ArrayList<>();
    for (var point : shard.matching(request.corpus())) {
      if (point.vectors() != null
          && point.vectors().byName().get(request.using()) instanceof Vector.Sparse sparse
          && sparse.indices().length > 0) {
        points.add(Arrays.stream(sparse.indices()).boxed().collect(Collectors.toSet()));
      }
    }
    List<Long> frequencies =
        request.indices().stream()
            .map(index -> points.stream().filter(point -> point.contains(index)).count())
            .toList();
    return new TermsResponse(new TermCounts(points.size(), frequencies), shard.position());
  }

  @Override
  public synchronized FacetResponse facet(FacetRequest request) {
    facetLimits.add(request.limit());
    FakeShard shard = ready(request.shard(), request.bounds());
    Map<JsonValue, Long> counts = new HashMap<>();
    for (StoredPoint point : shard.matching(request.filter())) {
      groups(point, request.key()).forEach(value -> counts.merge(value, 1L, Long::sum));
    }
    List<FacetHit> hits = new ArrayList<>();
    counts.forEach((value, count) -> hits.add(new FacetHit(value, count)));
    return new FacetResponse(hits, shard.position());
  }

  /** Knows top-level members with one value. */
  private static List<JsonValue> groups(
      StoredPoint point, dev.eddy.model.json.@org.jspecify.annotations.Nullable KeyPath key) {
    JsonValue value =
        key == null || point.payload() == null
            ? null
            : point.payload().object().members().get(key.head());
    return value == null ? List.of() : List.of(value);
  }

  @Override
  public synchronized AwaitResponse awaitApplied(AwaitRequest request) {
    long last = request.offsets().stream().mapToLong(Long::longValue).max().orElse(-1);
    FakeShard shard = ready(request.shard(), last + 1, request.timeout().toMillis());
    Map<Long, Verdict> verdicts = new HashMap<>(shard.verdicts());
    verdicts.keySet().retainAll(request.offsets());
    return new AwaitResponse(isForgetful ? Map.of() : verdicts, shard.position());
  }

  @Override
  public synchronized ShardDescription describe(ShardId id, Bounds bounds) {
    FakeShard shard = ready(id, bounds);
    return new ShardDescription(
        id,
        "SERVING",
        shard.position(),
        shard.size(),
        0,
        1,
        false,
        "",
        0,
        0,
        new StorageBytes(8, 9),
        fieldPoints,
        MemoryUse.NONE,
        PlanSums.NONE,
        VectorForms.NONE,
        problem);
  }
}
