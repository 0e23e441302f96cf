package dev.eddy.standalone.status;

import dev.eddy.kafka.topic.TopicAdmin;
import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.NodeReport.IngestReport;
import dev.eddy.model.cluster.Placement;
import dev.eddy.query.service.ClusterStatus;
import dev.eddy.query.service.ClusterStatus.Inbox;
import dev.eddy.query.service.ClusterStatus.Replica;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Metadata, the nodes' reports and the sizes of topics, put together. Safe from any thread. */
public final class StatusReport implements Supplier<ClusterStatus> {
  private final ClusterView view;
  private final TopicAdmin topics;

  public StatusReport(ClusterView view, TopicAdmin topics) {
    this.view = view;
    this.topics = topics;
  }

  /** That of this moment. */
  @Override
  public ClusterStatus get() {
    ClusterState state = view.state();
    List<NodeReport> nodes = view.liveNodes();
    Map<String, Long> logBytes = topics.logBytes();
    List<ClusterStatus.Collection> collections = new ArrayList<>();
    for (String name : state.names()) {
      state
          .activeNamed(name)
          .ifPresent(generation ->
              collections.add(
                  new ClusterStatus.Collection(
                      name,
                      generation.generation(),
                      generation.topic(),
                      logBytes.getOrDefault(generation.topic(), 0L),
                      shards(generation, state, nodes))));
    }
    return new ClusterStatus(
        state.currentLeader().orElse(null), nodes, collections, inbox(nodes, logBytes));
  }

  private static List<List<Replica>> shards(
      Generation generation, ClusterState state, List<NodeReport> nodes) {
    List<List<Placement.Replica>> placed =
        state.placement(generation.collectionId()).map(Placement::shards).orElse(List.of());
    List<List<Replica>> shards = new ArrayList<>();
    for (int shard = 0; shard < generation.spec().shardNumber(); shard++) {
      List<Replica> replicas = new ArrayList<>();
      if (shard < placed.size()) {
        for (Placement.Replica replica : placed.get(shard)) {
          replicas.add(replica(replica, generation, shard, nodes));
        }
      }
      shards.add(replicas);
    }
    return shards;
  }

  private static Replica replica(
      Placement.Replica replica, Generation generation, int shard, List<NodeReport> nodes) {
    return new Replica(
        replica.nodeId(),
        replica.state(),
        nodes.stream()
            .filter(node -> node.nodeId().equals(replica.nodeId()))
            .flatMap(node -> node.shards().stream())
            .filter(hosted -> hosted.shard().equals(generation.shard(shard)))
            .findFirst()
            .orElse(null));
  }

  private Inbox inbox(List<NodeReport> nodes, Map<String, Long> logBytes) {
    String topic = topics.catalogue().points();
    long[] ends = topics.endOffsets(topic);
    long[] taken = new long[ends.length];
    long accepted = 0;
    long discarded = 0;
    long losses = 0;
    long letters = 0;
    for (NodeReport node : nodes) {
      IngestReport ingest = node.ingest();
      if (ingest != null) {
        accepted += ingest.accepted();
        discarded += ingest.discarded();
        losses += ingest.declaredLosses();
        letters += ingest.deadLetters();
        for (int partition = 0;
            partition < taken.length && partition < ingest.positions().size();
            partition++) {
          taken[partition] = Math.max(taken[partition], ingest.positions().get(partition));
        }
      }
    }
    return new Inbox(
        topic,
        Arrays.stream(ends).sum(),
        Math.max(0, Arrays.stream(ends).sum() - Arrays.stream(taken).sum()),
        logBytes.getOrDefault(topic, 0L),
        accepted,
        discarded,
        losses,
        letters,
        Arrays.stream(topics.endOffsets(topics.catalogue().deadLetters())).sum());
  }
}
