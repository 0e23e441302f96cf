package dev.eddy.query.grpc;

import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.NodeReport.QuotaReport;
import dev.eddy.model.cluster.NodeReport.ShardReport;
import dev.eddy.proto.v1.CollectionState;
import dev.eddy.proto.v1.ControllerStatus;
import dev.eddy.proto.v1.InboxStatus;
import dev.eddy.proto.v1.NodeStatus;
import dev.eddy.proto.v1.PeerQuotaUsage;
import dev.eddy.proto.v1.QuotaConfig;
import dev.eddy.proto.v1.QuotaExceeded;
import dev.eddy.proto.v1.QuotaStatus;
import dev.eddy.proto.v1.QuotaUsage;
import dev.eddy.proto.v1.ReplicaStatus;
import dev.eddy.proto.v1.ShardStatus;
import dev.eddy.query.service.ClusterStatus;
import dev.eddy.query.service.ClusterStatus.Replica;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Quotas and the status of all nodes, as messages. Stateless. */
final class NodeAnswers {
  private NodeAnswers() {}

  static QuotaStatus quotas(dev.eddy.query.service.QuotaStatus status) {
    QuotaUsage.Builder usage = QuotaUsage.newBuilder();
    set(status.use().residentMemoryPercent(), usage::setResidentMemoryPercent);
    set(status.use().diskUsagePercent(), usage::setDiskUsagePercent);
    QuotaStatus.Builder message =
        QuotaStatus.newBuilder().setConfig(quotas(status.config())).setUsage(usage);
    status.peers().forEach((id, report) -> message.putPeers(id, peer(report)));
    return message.build();
  }

  private static PeerQuotaUsage peer(QuotaReport report) {
    PeerQuotaUsage.Builder message = PeerQuotaUsage.newBuilder().setExceeded(report.exceeded());
    set(report.residentMemoryPercent(), message::setResidentMemoryPercent);
    set(report.diskUsagePercent(), message::setDiskUsagePercent);
    return message.build();
  }

  static QuotaConfig quotas(dev.eddy.model.cluster.QuotaConfig quotas) {
    QuotaConfig.Builder message = QuotaConfig.newBuilder().setEnabled(quotas.enabled());
    set(quotas.maxResidentMemoryPercent(), message::setMaxResidentMemoryPercent);
    set(quotas.maxDiskUsagePercent(), message::setMaxDiskUsagePercent);
    set(quotas.releaseMarginPercent(), message::setReleaseMarginPercent);
    return message.build();
  }

  /** Not checked. */
  static dev.eddy.model.cluster.QuotaConfig quotas(QuotaConfig message) {
    return new dev.eddy.model.cluster.QuotaConfig(
        message.getEnabled(),
        message.hasMaxResidentMemoryPercent()
            ? signed(message.getMaxResidentMemoryPercent())
            : null,
        message.hasMaxDiskUsagePercent() ? signed(message.getMaxDiskUsagePercent()) : null,
        message.hasReleaseMarginPercent() ? signed(message.getReleaseMarginPercent()) : null);
  }

  /** Of an unsigned number; what an int can't hold is its largest. */
  private static Integer signed(int unsigned) {
    return unsigned < 0 ? Integer.MAX_VALUE : unsigned;
  }

  static QuotaExceeded exceeded(dev.eddy.query.quota.QuotaExceeded exceeded) {
    QuotaExceeded.Builder message = QuotaExceeded.newBuilder();
    set(exceeded.residentMemory(), message::setResidentMemory);
    set(exceeded.diskUsage(), message::setDiskUsage);
    return message.build();
  }

  static dev.eddy.proto.v1.ClusterStatus status(ClusterStatus status) {
    var answer = dev.eddy.proto.v1.ClusterStatus.newBuilder().setInbox(inbox(status.inbox()));
    status
        .controller()
        .ifPresent(leader ->
            answer.setController(
                ControllerStatus.newBuilder().setNode(leader.nodeId()).setEpoch(leader.epoch())));
    status.nodes().forEach(node -> answer.addNodes(node(node)));
    status.collections().forEach(each -> answer.addCollections(collection(each)));
    return answer.build();
  }

  private static NodeStatus node(NodeReport node) {
    NodeStatus.Builder answer =
        NodeStatus.newBuilder().setId(node.nodeId()).setMetaPosition(node.metaPosition());
    node.roles().stream().sorted().forEach(role -> answer.addRoles(role.name()));
    set(node.shardAddress(), answer::setShardAddress);
    if (node.memory() != null) {
      answer.setMemory(MemoryAnswers.report(node.memory()));
    }
    return answer.build();
  }

  private static CollectionState collection(ClusterStatus.Collection collection) {
    CollectionState.Builder answer =
        CollectionState.newBuilder()
            .setName(collection.name())
            .setGeneration(collection.generation())
            .setLogTopic(collection.log())
            .setLogBytes(collection.logBytes());
    for (int shard = 0; shard < collection.shards().size(); shard++) {
      ShardStatus.Builder replicas = ShardStatus.newBuilder().setShard(shard);
      collection.shards().get(shard).forEach(each -> replicas.addReplicas(replica(each)));
      answer.addShards(replicas);
    }
    return answer.build();
  }

  private static ReplicaStatus replica(Replica replica) {
    ReplicaStatus.Builder answer =
        ReplicaStatus.newBuilder()
            .setNode(replica.nodeId())
            .setReadSet(replica.readSet().name())
            .setState(replica.state());
    replica.reported().ifPresent(report -> report(answer, report));
    return answer.build();
  }

  private static void report(ReplicaStatus.Builder answer, ShardReport report) {
    answer
        .setPosition(report.position())
        .setLogEnd(report.logEnd())
        .setLagRecords(report.lagRecords())
        .setLagMs(report.staleMs())
        .setPoints(report.points())
        .setContentHash(report.contentHash());
    set(report.problem(), answer::setProblem);
  }

  private static InboxStatus inbox(ClusterStatus.Inbox inbox) {
    return InboxStatus.newBuilder()
        .setTopic(inbox.topic())
        .setRecords(inbox.records())
        .setLagRecords(inbox.lagRecords())
        .setLogBytes(inbox.logBytes())
        .setAcceptedSinceStart(inbox.acceptedSinceStart())
        .setDiscardedSinceStart(inbox.discardedSinceStart())
        .setDeclaredLosses(inbox.declaredLosses())
        .setDeadLettersSinceStart(inbox.deadLettersSinceStart())
        .setDeadLettersEndOffset(inbox.deadLettersEndOffset())
        .build();
  }

  private static <T> void set(@Nullable T value, Consumer<T> setter) {
    if (value != null) {
      setter.accept(value);
    }
  }
}
