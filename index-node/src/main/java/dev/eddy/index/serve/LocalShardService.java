package dev.eddy.index.serve;

import dev.eddy.index.host.ReadLease;
import dev.eddy.index.host.SearchPace;
import dev.eddy.index.host.ShardFold;
import dev.eddy.index.host.ShardManager;
import dev.eddy.index.host.ShardRuntime;
import dev.eddy.index.serve.ServeEvents.SearchKind;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.shard.ShardException;
import dev.eddy.model.shard.ShardException.Reason;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.shard.ShardService;
import dev.eddy.model.update.Verdict;
import dev.eddy.model.usage.Explanation;
import dev.eddy.model.usage.FilterPlans;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Answers from the shards of this node: waits on the caller's (virtual) thread, computes on the
 * lanes, but for searches that are short ({@link ComputeLanes#runShort}).
 *
 * <p>Threading: safe from any thread.
 *
 * <p>Invariants: a read is answered from a state at or beyond its floor, or refused; a lease that
 * is not handed out is given back.
 */
public final class LocalShardService implements ShardService {
  private final ShardManager shards;
  private final ComputeLanes lanes;
  private final LeaseTable leases;
  private final ServeSettings settings;
  private final LongSupplier nanoClock;
  private final ServeEvents events;

  public LocalShardService(
      ShardManager shards,
      ComputeLanes lanes,
      LeaseTable leases,
      ServeSettings settings,
      LongSupplier nanoClock,
      ServeEvents events) {
    this.shards = shards;
    this.lanes = lanes;
    this.leases = leases;
    this.settings = settings;
    this.nanoClock = nanoClock;
    this.events = events;
  }

  @Override
  public SearchResponse search(SearchRequest request) {
    return answering(() -> {
      Deadline deadline = Deadline.in(request.bounds().timeout(), nanoClock);
      if (request.leaseId() != 0) {
        ReadLease lease = taken(request.shard(), request.leaseId());
        return under(lease, deadline, () -> searchUnder(lease, request));
      }
      ShardRuntime shard = ready(request.shard(), request.bounds(), deadline);
      Optional<SearchPace.Kind> kind = ShortSearches.kind(request);
      return kind.isPresent()
          ? search(shard, deadline, request, kind.get())
          : lanes.run(
              deadline, () -> searchUnder(shard.lease(), request), LocalShardService::nothing);
    });
  }

  /** On this thread where others of the kind were short. */
  private SearchResponse search(
      ShardRuntime shard, Deadline deadline, SearchRequest request, SearchPace.Kind kind) {
    Supplier<SearchResponse> work =
        () -> {
          long started = nanoClock.getAsLong();
          SearchResponse response = searchUnder(shard.lease(), request);
          shard.pace().note(kind, nanoClock.getAsLong() - started);
          return response;
        };
    return shard.pace().isShort(kind)
        ? lanes.runShort(deadline, work)
        : lanes.run(deadline, work, LocalShardService::nothing);
  }

  @Override
  public List<StoredPoint> fetch(FetchRequest request) {
    return answering(() -> {
      ReadLease lease = taken(request.shard(), request.leaseId());
      return under(
          lease, Deadline.in(settings.fetchTimeout(), nanoClock), () -> fetchUnder(lease, request));
    });
  }

  @Override
  public void releaseLease(ShardId shard, long leaseId) {
    leases.take(shard, leaseId).ifPresent(ReadLease::close);
  }

  @Override
  public PointsResponse retrieve(RetrieveRequest request) {
    return reading(
        request.shard(),
        request.bounds(),
        lease ->
            new PointsResponse(
                lease.retrieve(request.ids(), request.payload(), request.vectors()),
                lease.position()));
  }

  @Override
  public PointsResponse scroll(ScrollRequest request) {
    return reading(
        request.shard(),
        request.bounds(),
        lease ->
            new PointsResponse(
                lease.scroll(
                    request.from(),
                    request.limit(),
                    request.filter(),
                    request.payload(),
                    request.vectors()),
                lease.position()));
  }

  @Override
  public CountResponse count(CountRequest request) {
    return reading(
        request.shard(),
        request.bounds(),
        lease -> new CountResponse(lease.count(request.filter()), lease.position()));
  }

  @Override
  public TermsResponse countTerms(TermsRequest request) {
    return reading(
        request.shard(),
        request.bounds(),
        lease ->
            new TermsResponse(
                lease.countTerms(request.using(), request.indices(), request.corpus()),
                lease.position()));
  }

  @Override
  public FacetResponse facet(FacetRequest request) {
    return reading(
        request.shard(),
        request.bounds(),
        lease ->
            new FacetResponse(
                lease.facet(request.key(), request.type(), request.filter(), request.limit()),
                lease.position()));
  }

  @Override
  public AwaitResponse awaitApplied(AwaitRequest request) {
    return answering(() -> {
      Deadline deadline = Deadline.in(request.timeout(), nanoClock);
      ShardRuntime shard = shards.require(request.shard(), deadline.left());
      long wanted = request.offsets().stream().mapToLong(offset -> offset + 1).max().orElse(0);
      awaitWrite(shard, wanted, deadline);
      Map<Long, Verdict> verdicts = new TreeMap<>();
      long position =
          shard.read(fold -> {
            for (long offset : request.offsets()) {
              fold.verdictAt(offset).ifPresent(verdict -> verdicts.put(offset, verdict));
            }
            return shard.position();
          });
      return new AwaitResponse(verdicts, position);
    });
  }

  @Override
  public ShardDescription describe(ShardId id, Bounds bounds) {
    return answering(() -> {
      Deadline deadline = Deadline.in(bounds.timeout(), nanoClock);
      ShardRuntime shard = shards.require(id, deadline.left());
      shard.awaitPosition(bounds.minPosition(), deadline.left());
      return describe(shard, shard.read(ShardFold::stats));
    });
  }

  private ReadLease taken(ShardId shard, long leaseId) {
    return leases
        .take(shard, leaseId)
        .orElseThrow(() ->
            new ShardException(
                Reason.LEASE_LOST, "lease %d of shard %s is over".formatted(leaseId, shard)));
  }

  /**
   * Works under a lease that was taken out.
   *
   * @param work keeps the lease on or gives it back, whatever comes of it
   */
  private <T> T under(ReadLease lease, Deadline deadline, Supplier<T> work) {
    AtomicBoolean isStarted = new AtomicBoolean();
    return lanes.run(
        deadline,
        () -> {
          isStarted.set(true);
          return work.get();
        },
        () -> {
          if (!isStarted.get()) {
            lease.close();
          }
        });
  }

  private List<StoredPoint> fetchUnder(ReadLease lease, FetchRequest request) {
    boolean isKept = false;
    try {
      List<StoredPoint> points =
          lease.fetch(request.ids(), request.versions(), request.payload(), request.vectors());
      isKept = request.keepLease();
      return points;
    } finally {
      if (isKept) {
        leases.keepOn(request.shard(), request.leaseId(), lease);
      } else {
        lease.close();
      }
    }
  }

  private SearchResponse searchUnder(ReadLease lease, SearchRequest request) {
    boolean isKept = false;
    try {
      long started = nanoClock.getAsLong();
      FilterPlans plans = new FilterPlans();
      List<List<Hit>> hits =
          plans.during(() -> lease.search(request.queries(), request.payload(), request.vectors()));
      report(request.queries(), nanoClock.getAsLong() - started);
      tell(request.shard(), plans);
      long position = lease.position();
      long leaseId = request.keepLease() ? leases.keep(request.shard(), lease) : 0;
      isKept = leaseId != 0;
      return new SearchResponse(hits, position, leaseId);
    } finally {
      if (!isKept) {
        lease.close();
      }
    }
  }

  private void tell(ShardId shard, FilterPlans plans) {
    plans.attempts().forEach(events::planned);
    List<FilterPlans.Step> steps = plans.steps();
    if (!steps.isEmpty()) {
      shards.find(shard).ifPresent(runtime -> steps.forEach(runtime.plans()::add));
      Explanation.current().ifPresent(explained -> explained.add(shard.shard(), steps));
    }
  }

  private <T> T reading(ShardId id, Bounds bounds, Function<ReadLease, T> reader) {
    return answering(() -> {
      Deadline deadline = Deadline.in(bounds.timeout(), nanoClock);
      ShardRuntime shard = ready(id, bounds, deadline);
      return lanes.run(
          deadline,
          () -> {
            try (ReadLease lease = shard.lease()) {
              return reader.apply(lease);
            }
          },
          LocalShardService::nothing);
    });
  }

  /** The shard, serving and at its floor. */
  private ShardRuntime ready(ShardId id, Bounds bounds, Deadline deadline) {
    ShardRuntime shard = shards.require(id, deadline.left());
    shard.requireServing();
    shard.awaitPosition(bounds.minPosition(), deadline.left());
    return shard;
  }

  /** A writer waits for as long as it asked to: then its time is up, and nothing is stale. */
  private static void awaitWrite(ShardRuntime shard, long wanted, Deadline deadline) {
    try {
      shard.awaitPosition(wanted, deadline.left());
    } catch (ShardException e) {
      if (e.reason() == Reason.STALE) {
        throw new ShardException(Reason.TIMEOUT, String.valueOf(e.getMessage()), e);
      }
      throw e;
    }
  }

  private <T> T answering(Supplier<T> call) {
    try {
      return call.get();
    } catch (ShardException e) {
      events.refused(e.reason());
      throw e;
    }
  }

  /** Queries of one request are computed together: each gets its share of the time. */
  private void report(List<ShardQuery> queries, long nanos) {
    for (ShardQuery query : queries) {
      events.searched(kindOf(query), nanos / queries.size());
    }
  }

  private static void nothing() {}

  private static SearchKind kindOf(ShardQuery query) {
    if (query.params().exact() || query.candidates() != null) {
      return SearchKind.EXACT;
    }
    return query.filter() == null ? SearchKind.PLAIN : SearchKind.FILTERED;
  }

  private static ShardDescription describe(ShardRuntime shard, ShardFold.Stats stats) {
    return new ShardDescription(
        shard.id(),
        shard.state().name(),
        stats.position(),
        stats.points(),
        stats.indexedVectors(),
        stats.segments(),
        stats.optimizing(),
        stats.contentHash(),
        stats.ignoredRepeats(),
        stats.brokenChains(),
        stats.storage(),
        stats.fieldPoints(),
        stats.memory(),
        shard.plans().sums(),
        stats.forms(),
        shard.problem().orElse(null));
  }
}
