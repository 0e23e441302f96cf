package dev.eddy.query.write;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.Placement;
import dev.eddy.model.cluster.Placement.Replica;
import dev.eddy.model.collection.Declaration.DeclareField;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.shard.ShardException;
import dev.eddy.model.shard.ShardService;
import dev.eddy.model.shard.ShardService.Bounds;
import dev.eddy.query.fanout.Deadline;
import dev.eddy.query.fanout.Generations;
import dev.eddy.query.fanout.ShardDirectory;
import dev.eddy.query.fanout.Waits;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * Waits until a payload index that was declared is read at every replica that a reader may ask,
 * which each does by itself in the background. The set of replicas is looked at again while it
 * waits.
 */
final class IndexWait {
  /** How long one replica may take to say how far it is. */
  private static final Duration SLICE = Duration.ofMillis(250);

  private static final long BACKOFF_FIRST_MS = 5;
  private static final long BACKOFF_MAX_MS = 100;

  private final ClusterView view;
  private final ShardDirectory directory;

  IndexWait(ClusterView view, ShardDirectory directory) {
    this.view = requireNonNull(view, "view");
    this.directory = requireNonNull(directory, "directory");
  }

  /**
   * Waits. A field that is dropped or declared otherwise meanwhile is waited for no longer.
   *
   * @param offsets per shard, by which the declaration is applied
   * @return true when the index is read, false when the time ran out
   * @throws EddyException NOT_FOUND when the collection is dropped
   */
  boolean await(
      Generation generation,
      DeclareField declared,
      SortedMap<Integer, List<Long>> offsets,
      Deadline deadline) {
    for (Map.Entry<Integer, List<Long>> shard : offsets.entrySet()) {
      long position = shard.getValue().getLast() + 1;
      if (!awaitShard(generation, declared, shard.getKey(), position, deadline)) {
        return false;
      }
    }
    return true;
  }

  private boolean awaitShard(
      Generation generation, DeclareField declared, int shard, long position, Deadline deadline) {
    String field = declared.field().canonical().text();
    Set<String> done = new HashSet<>();
    long backoffMs = BACKOFF_FIRST_MS;
    while (true) {
      ClusterState state = view.state();
      if (!Generations.isActive(state, generation)) {
        throw Generations.missing(generation.name());
      }
      if (!isDeclared(state, generation, field, declared)) {
        return true;
      }
      List<Replica> replicas = replicas(state, generation, shard);
      for (Replica replica : replicas) {
        if (!done.contains(replica.nodeId())
            && isRead(generation, shard, replica.nodeId(), field, position, deadline)) {
          done.add(replica.nodeId());
        }
      }
      if (replicas.stream().allMatch(replica -> done.contains(replica.nodeId()))
          && !replicas.isEmpty()) {
        return true;
      }
      if (deadline.isPast()) {
        return false;
      }
      Waits.pause(Math.min(backoffMs, deadline.remaining().toMillis() + 1));
      backoffMs = Math.min(backoffMs * 2, BACKOFF_MAX_MS);
    }
  }

  private static boolean isDeclared(
      ClusterState state, Generation generation, String field, DeclareField declared) {
    return state
        .activeNamed(generation.name())
        .filter(active -> declared.index().equals(active.spec().payloadIndexes().get(field)))
        .isPresent();
  }

  /** Those that applied writes are waited for at, too. */
  private static List<Replica> replicas(ClusterState state, Generation generation, int shard) {
    Placement placement = state.placements().get(generation.collectionId());
    if (placement == null || shard >= placement.shards().size()) {
      return List.of();
    }
    return placement.shards().get(shard).stream()
        .filter(replica -> replica.state() != Placement.ReplicaState.CATCHING_UP)
        .toList();
  }

  /** False where the replica does not answer, too. */
  private boolean isRead(
      Generation generation,
      int shard,
      String nodeId,
      String field,
      long position,
      Deadline deadline) {
    Optional<ShardService> service = directory.find(nodeId);
    if (service.isEmpty()) {
      return false;
    }
    Bounds bounds = new Bounds(position, deadline.remainingUpTo(SLICE));
    try {
      return service
          .get()
          .describe(generation.shard(shard), bounds)
          .fieldPoints()
          .containsKey(field);
    } catch (ShardException e) {
      return false;
    }
  }
}
