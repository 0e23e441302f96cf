package dev.eddy.index.host;

import dev.eddy.kafka.log.LogPartition;
import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.InboxEnds;
import dev.eddy.model.cluster.Placement;
import dev.eddy.model.cluster.Placement.Replica;
import dev.eddy.model.cluster.Placement.ReplicaState;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.testkit.SetView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Collections whose shards are placed as a test says. */
public final class FakeClusterView extends SetView {
  private static final InboxEnds NO_INBOX = new InboxEnds(new UUID(0, 0), List.of());

  /** Of a collection with one vector of four dimensions. */
  public static CollectionSpec spec(int shards) {
    return CollectionSpec.of(Map.of("", VectorParams.of(4, Distance.DOT))).distributed(shards, 1);
  }

  /** Adds a collection whose shards are all on one node. */
  public synchronized Generation place(
      String name, UUID collectionId, List<LogPartition> log, String nodeId) {
    LogPartition first = log.getFirst();
    Generation generation =
        new Generation(
            collectionId,
            name,
            1,
            Generation.State.ACTIVE,
            spec(log.size()),
            first.topic(),
            first.topicId(),
            NO_INBOX,
            null,
            state().position());
    List<List<Replica>> shards =
        log.stream().map(_ -> List.of(new Replica(nodeId, ReplicaState.READING))).toList();
    change(generation, new Placement(collectionId, 1, shards, state().position()));
    return generation;
  }

  /** Marks a generation as dropped. */
  public synchronized void drop(Generation old) {
    change(
        new Generation(
            old.collectionId(),
            old.name(),
            old.generation(),
            Generation.State.DROPPED,
            old.spec(),
            old.topic(),
            old.topicId(),
            old.created(),
            NO_INBOX,
            old.metaNumber()),
        new Placement(old.collectionId(), 1, List.of(), state().position()));
  }

  private void change(Generation generation, Placement placement) {
    Map<String, List<Generation>> generations = new HashMap<>(state().generations());
    generations.put(generation.name(), List.of(generation));
    Map<UUID, Placement> placements = new HashMap<>(state().placements());
    placements.put(generation.collectionId(), placement);
    set(new ClusterState(generations, Map.of(), placements, state().position() + 1));
  }
}
