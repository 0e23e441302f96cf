package dev.eddy.query.write;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.Placement;
import dev.eddy.model.cluster.Placement.Replica;
import dev.eddy.model.cluster.Placement.ReplicaState;
import dev.eddy.model.error.EddyException;
import dev.eddy.query.fanout.Deadline;
import dev.eddy.query.fanout.Generations;
import dev.eddy.query.fanout.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Asks the replicas of a shard until all have come so far as they are to.
 *
 * <p>The set of replicas is read again before each round: one that leaves the set, because its node
 * died, is waited for no longer.
 */
final class ReplicaWait {
  /** How long one replica is waited for before the set is looked at again. */
  static final Duration SLICE = Duration.ofMillis(250);

  private static final long BACKOFF_FIRST_MS = 1;
  private static final long BACKOFF_MAX_MS = 50;

  private final ClusterView view;

  ReplicaWait(ClusterView view) {
    this.view = requireNonNull(view, "view");
  }

  /** Asks replicas. */
  @FunctionalInterface
  interface Round {
    /**
     * Asks them once.
     *
     * @param state that they are of
     * @param pending nodes that have not come so far yet
     * @return those that have now
     */
    Collection<String> ask(ClusterState state, List<String> pending);
  }

  /**
   * Waits.
   *
   * @param isAwaited replicas that are asked
   * @param mayBeNone whether no replica at all is enough
   * @return false when the time ran out
   * @throws EddyException NOT_FOUND when the collection is dropped
   */
  boolean await(
      Generation generation,
      int shard,
      Predicate<ReplicaState> isAwaited,
      boolean mayBeNone,
      Round round,
      Deadline deadline) {
    Set<String> done = new HashSet<>();
    long backoffMs = BACKOFF_FIRST_MS;
    while (true) {
      ClusterState state = view.state();
      if (!Generations.isActive(state, generation)) {
        throw Generations.missing(generation.name());
      }
      List<String> pending = pending(state, generation, shard, done, isAwaited);
      if (pending.isEmpty() && (mayBeNone || !done.isEmpty())) {
        return true;
      }
      if (deadline.isPast()) {
        return false;
      }
      if (!done.addAll(round.ask(state, pending))) {
        Waits.pause(Math.min(backoffMs, deadline.remaining().toMillis() + 1));
        backoffMs = Math.min(backoffMs * 2, BACKOFF_MAX_MS);
      }
    }
  }

  private static List<String> pending(
      ClusterState state,
      Generation generation,
      int shard,
      Set<String> done,
      Predicate<ReplicaState> isAwaited) {
    Placement placement = state.placements().get(generation.collectionId());
    if (placement == null || shard >= placement.shards().size()) {
      return List.of();
    }
    List<String> pending = new ArrayList<>(2);
    for (Replica replica : placement.shards().get(shard)) {
      if (isAwaited.test(replica.state()) && !done.contains(replica.nodeId())) {
        pending.add(replica.nodeId());
      }
    }
    return pending;
  }
}
