package dev.eddy.ingest.inbox;

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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Metadata that a test decides: collections of one unnamed two-dimensional vector. */
final class TestCluster extends SetView {
  private final UUID inboxTopicId;
  private final Map<String, List<Generation>> generations = new HashMap<>();
  private final Map<UUID, Placement> placements = new HashMap<>();

  TestCluster(UUID inboxTopicId) {
    this.inboxTopicId = inboxTopicId;
  }

  synchronized Generation put(
      String name,
      int generation,
      Generation.State generationState,
      String topic,
      @Nullable UUID topicId,
      List<Long> created,
      @Nullable List<Long> dropped) {
    List<Generation> all = new ArrayList<>(generations.getOrDefault(name, List.of()));
    Generation changed =
        new Generation(
            new UUID(name.hashCode(), generation),
            name,
            generation,
            generationState,
            CollectionSpec.of(Map.of("", VectorParams.of(2, Distance.DOT))),
            topic,
            topicId,
            new InboxEnds(inboxTopicId, created),
            dropped == null ? null : new InboxEnds(inboxTopicId, dropped),
            1);
    all.removeIf(old -> old.generation() == generation);
    all.add(changed);
    generations.put(name, all);
    set(new ClusterState(generations, Map.of(), placements, state().position() + 1));
    return changed;
  }

  /** One shard on one node. */
  synchronized void place(Generation generation, String nodeId) {
    List<Replica> replicas = List.of(new Replica(nodeId, ReplicaState.READING));
    placements.put(
        generation.collectionId(),
        new Placement(generation.collectionId(), generation.generation(), List.of(replicas), 0));
    set(new ClusterState(generations, Map.of(), placements, state().position() + 1));
  }
}
