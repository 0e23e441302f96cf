package dev.eddy.query.rest.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.NodeReport.ShardReport;
import dev.eddy.query.service.ClusterStatus;
import dev.eddy.query.service.ClusterStatus.Inbox;
import dev.eddy.query.service.ClusterStatus.Replica;
import java.io.IOException;
import java.util.List;

/** What is known of all nodes, as {@code eddy status} reads it. */
public final class ClusterStatusWriter {
  private ClusterStatusWriter() {}

  public static void status(JsonGenerator json, ClusterStatus status) throws IOException {
    json.writeStartObject();
    var leader = status.controller();
    if (leader.isPresent()) {
      json.writeObjectFieldStart("controller");
      json.writeStringField("node", leader.get().nodeId());
      json.writeNumberField("epoch", leader.get().epoch());
      json.writeEndObject();
    }
    json.writeArrayFieldStart("nodes");
    for (NodeReport node : status.nodes()) {
      node(json, node);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("collections");
    for (ClusterStatus.Collection collection : status.collections()) {
      collection(json, collection);
    }
    json.writeEndArray();
    json.writeFieldName("inbox");
    inbox(json, status.inbox());
    json.writeEndObject();
  }

  private static void node(JsonGenerator json, NodeReport node) throws IOException {
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
    if (node.memory() != null) {
      json.writeFieldName("memory");
      MemoryWriter.report(json, node.memory());
    }
    json.writeEndObject();
  }

  private static void collection(JsonGenerator json, ClusterStatus.Collection collection)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("name", collection.name());
    json.writeNumberField("generation", collection.generation());
    json.writeStringField("log", collection.log());
    json.writeNumberField("log_bytes", collection.logBytes());
    json.writeArrayFieldStart("shards");
    for (int shard = 0; shard < collection.shards().size(); shard++) {
      json.writeStartObject();
      json.writeNumberField("shard", shard);
      replicas(json, collection.shards().get(shard));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void replicas(JsonGenerator json, List<Replica> replicas) throws IOException {
    json.writeArrayFieldStart("replicas");
    for (Replica replica : replicas) {
      json.writeStartObject();
      json.writeStringField("node", replica.nodeId());
      json.writeStringField("read_set", replica.readSet().name());
      json.writeStringField("state", replica.state());
      if (replica.report() != null) {
        report(json, replica.report());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void report(JsonGenerator json, ShardReport report) throws IOException {
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

  private static void inbox(JsonGenerator json, Inbox inbox) throws IOException {
    json.writeStartObject();
    json.writeStringField("topic", inbox.topic());
    json.writeNumberField("records", inbox.records());
    json.writeNumberField("lag_records", inbox.lagRecords());
    json.writeNumberField("log_bytes", inbox.logBytes());
    json.writeNumberField("accepted_since_start", inbox.acceptedSinceStart());
    json.writeNumberField("discarded_since_start", inbox.discardedSinceStart());
    json.writeNumberField("declared_losses", inbox.declaredLosses());
    json.writeNumberField("dead_letters_since_start", inbox.deadLettersSinceStart());
    json.writeNumberField("dead_letters_end_offset", inbox.deadLettersEndOffset());
    json.writeEndObject();
  }
}
