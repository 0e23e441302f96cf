package dev.eddy.controller;

import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.MetaChange;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.NodeReport.Role;
import dev.eddy.model.cluster.NodeReport.ShardReport;
import dev.eddy.model.cluster.Placement;
import dev.eddy.model.cluster.Placement.Replica;
import dev.eddy.model.cluster.Placement.ReplicaState;
import dev.eddy.model.shard.ShardId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps every shard at its number of replicas and decides which of them are read. Owned by the
 * controller's thread.
 *
 * <p>(safety) A replica is read only after every live query node knew that it was joining, and it
 * then reached the end that its log had: whatever was acknowledged without it is below that end,
 * whatever came later waited for it. One that leaves is waited for until every live query node
 * knows that it is not read any more. See docs/adr/0012.
 *
 * <p>The last replica that could be read is never taken out of the read set for being silent or
 * late: nobody could serve in its place.
 */
final class ReadSets {
  private static final Logger LOG = LoggerFactory.getLogger(ReadSets.class);
  private static final Set<Role> READERS = Set.of(Role.QUERY);

  private record Place(ShardId shard, String nodeId) {}

  /** A change of a replica's state that waits until the nodes know, and then for the log. */
  private static final class Step {
    final ReplicaState state;
    final CompletableFuture<Void> known;
    long incarnation;
    Optional<CompletableFuture<Long>> end = Optional.empty();

    Step(ReplicaState state, CompletableFuture<Void> known) {
      this.state = state;
      this.known = known;
    }

    boolean isKnown() {
      return known.isDone() && !known.isCompletedExceptionally();
    }
  }

  private final Office office;
  private final Logs logs;
  private final Members members;
  private final Confirmations confirmations;
  private final Duration maxLag;
  private final Map<Place, Step> steps = new HashMap<>();
  private final Map<Place, Long> unwellSince = new HashMap<>(); // Observed nanoseconds.

  ReadSets(
      Office office, Logs logs, Members members, Confirmations confirmations, Duration maxLag) {
    this.office = office;
    this.logs = logs;
    this.members = members;
    this.confirmations = confirmations;
    this.maxLag = maxLag;
  }

  /** Looks at every shard and decides what is due. */
  void reconcile() {
    List<NodeReport> live = members.live();
    ServingShards serving = ServingShards.of(live);
    ReplicaPlan plan = new ReplicaPlan(office.state(), live);
    List<MetaChange> changes = new ArrayList<>();
    for (Generation generation : office.generations(Generation.State.ACTIVE)) {
      office
          .state()
          .placement(generation.collectionId())
          .flatMap(placement -> next(generation, placement, serving, plan))
          .ifPresent(placement -> changes.add(new MetaChange.PlacementSet(placement)));
    }
    if (!changes.isEmpty()) {
      office.decide(changes);
      LOG.info("event=placement_changed collections={}", changes.size());
    }
    steps.keySet().removeIf(place -> !isPlaced(place));
    unwellSince.keySet().removeIf(place -> !isPlaced(place));
  }

  private boolean isPlaced(Place place) {
    return office
        .state()
        .placement(place.shard().collectionId())
        .map(placement -> placement.hosts(place.nodeId(), place.shard().shard()))
        .orElse(false);
  }

  private Optional<Placement> next(
      Generation generation, Placement placement, ServingShards serving, ReplicaPlan plan) {
    List<List<Replica>> shards = new ArrayList<>();
    for (int shard = 0; shard < placement.shards().size(); shard++) {
      shards.add(next(generation, shard, placement.shards().get(shard), serving, plan));
    }
    return shards.equals(placement.shards())
        ? Optional.empty()
        : Optional.of(
            new Placement(
                placement.collectionId(), placement.generation(), shards, MetaChange.THIS_RECORD));
  }

  private List<Replica> next(
      Generation generation,
      int shard,
      List<Replica> replicas,
      ServingShards serving,
      ReplicaPlan plan) {
    List<Replica> next = new ArrayList<>();
    int wanted = generation.spec().replicationFactor();
    int surplus = replicas.size() - wanted;
    long reading = replicas.stream().filter(each -> each.state() == ReplicaState.READING).count();
    boolean mayLeave = true; // One at a time: two must not count on each other.
    for (Replica replica : replicas) {
      Place place = new Place(generation.shard(shard), replica.nodeId());
      Optional<ReplicaState> state =
          switch (replica.state()) {
            case CATCHING_UP ->
                surplus > 0 ? Optional.empty() : Optional.of(caughtUp(place, serving));
            case JOINING -> Optional.of(joined(generation, place, serving));
            case READING ->
                Optional.of(
                    mayLeave
                        ? stillRead(place, replicas, serving, reading > wanted)
                        : ReplicaState.READING);
            case LEAVING -> Optional.of(left(place));
          };
      if (state.isEmpty()) {
        surplus--;
      } else {
        mayLeave &= replica.state() != ReplicaState.READING || state.get() == replica.state();
        if (state.get() != replica.state()) {
          steps.remove(place);
          LOG.info(
              "event=replica_state shard={} node={} from={} to={}",
              place.shard(),
              place.nodeId(),
              replica.state(),
              state.get());
        }
        next.add(new Replica(replica.nodeId(), state.get()));
      }
    }
    while (next.size() < wanted) {
      Optional<Replica> further = plan.further(next);
      if (further.isEmpty()) {
        break;
      }
      next.add(further.get());
    }
    return next;
  }

  private ReplicaState caughtUp(Place place, ServingShards serving) {
    boolean isNear =
        serving
            .report(place.nodeId(), place.shard())
            .map(report -> isServing(report) && report.staleMs() <= maxLag.toMillis() / 2)
            .orElse(false);
    return isNear ? ReplicaState.JOINING : ReplicaState.CATCHING_UP;
  }

  private ReplicaState joined(Generation generation, Place place, ServingShards serving) {
    Optional<NodeReport> node = serving.node(place.nodeId());
    Optional<ShardReport> report = serving.report(place.nodeId(), place.shard());
    if (node.isEmpty() || isUnwell(place, serving)) {
      return ReplicaState.CATCHING_UP; // Nobody reads it, so it may leave at once.
    }
    Step step = step(place, ReplicaState.JOINING);
    long incarnation = node.get().incarnation();
    if (!step.isKnown()) {
      return ReplicaState.JOINING;
    }
    if (step.end.isEmpty() || isFailed(step.end.get()) || step.incarnation != incarnation) {
      // A node that started again may have gone back in the log.
      step.end = Optional.of(logs.end(generation, place.shard().shard()));
      step.incarnation = incarnation;
    }
    CompletableFuture<Long> end = step.end.get();
    boolean isThere =
        end.isDone()
            && !isFailed(end)
            && report.map(each -> isServing(each) && each.position() >= end.join()).orElse(false);
    return isThere ? ReplicaState.READING : ReplicaState.JOINING;
  }

  private ReplicaState stillRead(
      Place place, List<Replica> replicas, ServingShards serving, boolean isSurplus) {
    boolean isUnwell = isUnwell(place, serving);
    if (!isUnwell && !isSurplus) {
      return ReplicaState.READING;
    }
    boolean hasSubstitute =
        replicas.stream()
            .anyMatch(other ->
                other.state() == ReplicaState.READING
                    && !Objects.equals(other.nodeId(), place.nodeId())
                    && !isUnwell(new Place(place.shard(), other.nodeId()), serving));
    if (!hasSubstitute) {
      return ReplicaState.READING;
    }
    return ReplicaState.LEAVING;
  }

  private ReplicaState left(Place place) {
    return step(place, ReplicaState.LEAVING).isKnown()
        ? ReplicaState.CATCHING_UP
        : ReplicaState.LEAVING;
  }

  /** The step that a replica is in; begun with the placement that is in force. */
  private Step step(Place place, ReplicaState state) {
    Step step = steps.get(place);
    if (step == null || step.state != state) {
      step = new Step(state, confirmations.of(office.state().position(), READERS));
      steps.put(place, step);
    }
    return step;
  }

  /**
   * Whether a replica can't be relied on: its node is silent, its shard failed or is late, or, for
   * as long as it may be late, it does not serve.
   */
  private boolean isUnwell(Place place, ServingShards serving) {
    Optional<ShardReport> report = serving.report(place.nodeId(), place.shard());
    if (serving.node(place.nodeId()).isEmpty()
        || report.map(each -> each.state().equals(ServingShards.FAILED)).orElse(false)) {
      return true;
    }
    if (report.map(ReadSets::isServing).orElse(false)) {
      unwellSince.remove(place);
      return report.orElseThrow().staleMs() > maxLag.toMillis();
    }
    long now = members.observedNanos();
    long since = unwellSince.computeIfAbsent(place, key -> now);
    return now - since > maxLag.toNanos();
  }

  private static boolean isServing(ShardReport report) {
    return report.state().equals(ServingShards.SERVING);
  }

  private static boolean isFailed(CompletableFuture<?> future) {
    return future.isCompletedExceptionally();
  }
}
