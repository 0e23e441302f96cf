package dev.eddy.standalone.role;

import dev.eddy.index.IndexNode;
import dev.eddy.ingest.IngestNode;
import dev.eddy.kafka.meta.KafkaClusterView;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.NodeReport.Role;
import dev.eddy.query.QueryNode;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What this process says of itself. Roles join as they start. Safe from any thread. */
final class NodeSelf {
  private final String nodeId;
  private final long incarnation;
  private final KafkaClusterView view;
  private volatile @Nullable IndexNode index;
  private volatile @Nullable IngestNode ingest;
  private volatile @Nullable String shardAddress;
  private volatile @Nullable String peerAddress;
  private volatile @Nullable QueryNode query;
  private volatile boolean isQuery;

  NodeSelf(String nodeId, long incarnation, KafkaClusterView view) {
    this.nodeId = nodeId;
    this.incarnation = incarnation;
    this.view = view;
  }

  String nodeId() {
    return nodeId;
  }

  /** Hosts shards, also for other processes when there is an address. */
  void hosts(IndexNode node, @Nullable String address) {
    shardAddress = address;
    index = node;
  }

  void ingests(IngestNode node) {
    ingest = node;
  }

  void queries(@Nullable String address) {
    peerAddress = address;
    isQuery = true;
  }

  /** Is held to quotas: from now on the reports say how close it is to them. */
  void opened(QueryNode node) {
    query = node;
  }

  NodeReport report() {
    QueryNode quotas = query;
    IndexNode shards = index;
    IngestNode pipeline = ingest;
    Set<Role> roles = EnumSet.noneOf(Role.class);
    if (shards != null) {
      roles.add(Role.INDEX);
    }
    if (pipeline != null) {
      roles.add(Role.INGEST);
    }
    if (isQuery) {
      roles.add(Role.QUERY);
    }
    return new NodeReport(
        nodeId,
        incarnation,
        roles,
        shardAddress,
        peerAddress,
        view.state().position(),
        shards == null ? List.of() : shards.reports(),
        pipeline == null ? null : pipeline.report(),
        quotas == null ? null : quotas.quotaReport(),
        shards == null ? null : shards.memoryReport());
  }
}
