package dev.eddy.standalone.status;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.eddy.kafka.topic.TopicAdmin;
import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.NodeReport.IngestReport;
import dev.eddy.model.cluster.NodeReport.ShardReport;
import dev.eddy.model.cluster.Placement;
import dev.eddy.model.json.JsonCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Collections, shards, replicas, positions, lag, log bytes, inbox and dead letters, as JSON. Safe
 * from any thread.
 */
public final class StatusReport {
  private final ClusterView view;
  private final TopicAdmin topics;

  public StatusReport(ClusterView view, TopicAdmin topics) {
    this.view = view;
    this.topics = topics;
  }

  /** The report of this moment as UTF-8. */
  public byte[] json() throws IOException {
    ClusterState state = view.state();
    List<NodeReport> nodes = view.liveNodes();
    Map<String, Long> logBytes = topics.logBytes();
    ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
    try (JsonGenerator json = JsonCodec.factory().createGenerator(out)) {
      json.writeStartObject();
      controller(state, json);
      json.writeArrayFieldStart("nodes");
      for (NodeReport node : nodes) {
        node(node, json);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("collections");
      for (String name : state.names()) {
        Generation generation = state.activeNamed(name).orElse(null);
        if (generation != null) {
          collection(generation, state, nodes, logBytes.getOrDefault(generation.topic(), 0L), json);
        }
      }
      json.writeEndArray();
      inbox(nodes, logBytes, json);
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  /** Who was elected last; it may have died since. */
  private static void controller(ClusterState state, JsonGenerator json) throws IOException {
    ClusterState.Leader leader = state.currentLeader().orElse(null);
    if (leader != null) {
      json.writeObjectFieldStart("controller");
      json.writeStringField("node", leader.nodeId());
      json.writeNumberField("epoch", leader.epoch());
      json.writeEndObject();
    }
  }

  private static void node(NodeReport node, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", node.nodeId());
    json.writeArrayFieldStart("roles");
    for (NodeReport.Role role : node.roles().stream().sorted().toList()) {
      json.writeString(role.name());
    }
    json.writeEndArray();
    if (node.shardAddress() != null) {
      json.writeStringField("shard_address", node.shardAddress());
    }
    json.writeNumberField("meta_position", node.metaPosition());
    json.writeEndObject();
  }

  private static void collection(
      Generation generation,
      ClusterState state,
      List<NodeReport> nodes,
      long logBytes,
      JsonGenerator json)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("name", generation.name());
    json.writeNumberField("generation", generation.generation());
    json.writeStringField("log", generation.topic());
    json.writeNumberField("log_bytes", logBytes);
    json.writeArrayFieldStart("shards");
    Placement placement = state.placement(generation.collectionId()).orElse(null);
    for (int shard = 0; shard < generation.spec().shardNumber(); shard++) {
      json.writeStartObject();
      json.writeNumberField("shard", shard);
      json.writeArrayFieldStart("replicas");
      if (placement != null && shard < placement.shards().size()) {
        for (Placement.Replica replica : placement.shards().get(shard)) {
          replica(replica, generation, shard, nodes, json);
        }
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void replica(
      Placement.Replica replica,
      Generation generation,
      int shard,
      List<NodeReport> nodes,
      JsonGenerator json)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("node", replica.nodeId());
    json.writeStringField("read_set", replica.state().name());
    ShardReport report =
        nodes.stream()
            .filter(node -> node.nodeId().equals(replica.nodeId()))
            .flatMap(node -> node.shards().stream())
            .filter(hosted -> hosted.shard().equals(generation.shard(shard)))
            .findFirst()
            .orElse(null);
    json.writeStringField("state", report == null ? "UNREPORTED" : report.state());
    if (report != null) {
      json.writeNumberField("position", report.position());
      json.writeNumberField("log_end", report.logEnd());
      json.writeNumberField("lag_records", report.lagRecords());
      json.writeNumberField("lag_ms", report.staleMs());
      json.writeNumberField("points", report.points());
      json.writeStringField("content_hash", report.contentHash());
      if (report.problem() != null) {
        json.writeStringField("problem", report.problem());
      }
    }
    json.writeEndObject();
  }

  private void inbox(List<NodeReport> nodes, Map<String, Long> logBytes, JsonGenerator json)
      throws IOException {
    json.writeObjectFieldStart("inbox");
    long[] ends = topics.endOffsets(topics.catalogue().points());
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
    json.writeStringField("topic", topics.catalogue().points());
    json.writeNumberField("records", Arrays.stream(ends).sum());
    json.writeNumberField(
        "lag_records", Math.max(0, Arrays.stream(ends).sum() - Arrays.stream(taken).sum()));
    json.writeNumberField("log_bytes", logBytes.getOrDefault(topics.catalogue().points(), 0L));
    json.writeNumberField("accepted_since_start", accepted);
    json.writeNumberField("discarded_since_start", discarded);
    json.writeNumberField("declared_losses", losses);
    json.writeNumberField("dead_letters_since_start", letters);
    json.writeNumberField(
        "dead_letters_end_offset",
        Arrays.stream(topics.endOffsets(topics.catalogue().deadLetters())).sum());
    json.writeEndObject();
  }
}
