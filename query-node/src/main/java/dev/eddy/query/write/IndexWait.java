package dev.eddy.query.write;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.collection.Declaration.DeclareField;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.shard.ShardException;
import dev.eddy.model.shard.ShardService;
import dev.eddy.model.shard.ShardService.Bounds;
import dev.eddy.query.fanout.Deadline;
import dev.eddy.query.fanout.ShardDirectory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Waits until a payload index that was declared is read at every replica that a reader may ask,
 * which each does by itself in the background.
 */
final class IndexWait {
  private final ReplicaWait replicas;
  private final ShardDirectory directory;

  IndexWait(ClusterView view, ShardDirectory directory) {
    this.replicas = new ReplicaWait(view);
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
    ReplicaWait.Round round =
        (state, pending) ->
            isDeclared(state, generation, field, declared)
                ? pending.stream()
                    .filter(node -> isRead(generation, shard, node, field, position, deadline))
                    .toList()
                : pending;
    return replicas.await(generation, shard, AppliedWait::isCovering, false, round, deadline);
  }

  private static boolean isDeclared(
      ClusterState state, Generation generation, String field, DeclareField declared) {
    return state
        .activeNamed(generation.name())
        .filter(active -> declared.index().equals(active.spec().payloadIndexes().get(field)))
        .isPresent();
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
    Bounds bounds = new Bounds(position, deadline.remainingUpTo(ReplicaWait.SLICE));
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
