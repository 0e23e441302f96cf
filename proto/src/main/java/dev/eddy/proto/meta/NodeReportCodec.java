package dev.eddy.proto.meta;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.NodeReport.IngestReport;
import dev.eddy.model.cluster.NodeReport.MemoryReport;
import dev.eddy.model.cluster.NodeReport.QuotaReport;
import dev.eddy.model.cluster.NodeReport.Role;
import dev.eddy.model.cluster.NodeReport.ShardReport;
import dev.eddy.model.update.BrokenChain;
import dev.eddy.proto.UnknownRecordException;
import dev.eddy.proto.mapping.Bytes;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a node says of itself to the value of one record of the nodes topic and back; the bytes are
 * those of {@code NodeReportMessage} in {@code eddy/meta.proto}, format {@value #FORMAT}.
 *
 * <p>Unlike log and metadata these records are hints that are soon replaced: fields and roles that
 * this version does not know are passed over, so that nodes of two versions can work together.
 */
public final class NodeReportCodec {
  /** The format this version writes, and the only one it reads. */
  public static final int FORMAT = 1;

  private NodeReportCodec() {}

  public static byte[] encode(NodeReport report) {
    NodeReportMessage.Builder builder =
        NodeReportMessage.newBuilder()
            .setFormat(FORMAT)
            .setNodeId(report.nodeId())
            .setIncarnation(report.incarnation())
            .setMetaPosition(report.metaPosition());
    report.roles().stream().sorted().map(NodeReportCodec::role).forEach(builder::addRoles);
    report.shards().forEach(shard -> builder.addShards(shard(shard)));
    String shardAddress = report.shardAddress();
    if (shardAddress != null) {
      builder.setShardAddress(shardAddress);
    }
    String peerAddress = report.peerAddress();
    if (peerAddress != null) {
      builder.setPeerAddress(peerAddress);
    }
    IngestReport ingest = report.ingest();
    if (ingest != null) {
      builder.setIngest(
          IngestReportMessage.newBuilder()
              .setAccepted(ingest.accepted())
              .setDeadLetters(ingest.deadLetters())
              .setDiscarded(ingest.discarded())
              .setDeclaredLosses(ingest.declaredLosses())
              .addAllPositions(ingest.positions()));
    }
    QuotaReport quota = report.quota();
    if (quota != null) {
      builder.setQuota(quota(quota));
    }
    MemoryReport memory = report.memory();
    if (memory != null) {
      builder.setMemory(MemoryMessages.report(memory));
    }
    return builder.build().toByteArray();
  }

  /**
   * Reads one report.
   *
   * @throws UnknownRecordException when the bytes are no report, or one of another format
   */
  public static NodeReport decode(byte[] value) {
    try {
      NodeReportMessage message = NodeReportMessage.parseFrom(value);
      if (message.getFormat() != FORMAT) {
        throw new UnknownRecordException(
            "node report has format %d, this version reads %d"
                .formatted(message.getFormat(), FORMAT));
      }
      return report(message);
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new UnknownRecordException("node report does not parse: " + e.getMessage(), e);
    }
  }

  private static NodeReport report(NodeReportMessage message) {
    return new NodeReport(
        message.getNodeId(),
        message.getIncarnation(),
        roles(message),
        message.hasShardAddress() ? message.getShardAddress() : null,
        message.hasPeerAddress() ? message.getPeerAddress() : null,
        message.getMetaPosition(),
        message.getShardsList().stream().map(NodeReportCodec::shard).toList(),
        message.hasIngest() ? ingest(message.getIngest()) : null,
        message.hasQuota() ? quota(message.getQuota()) : null,
        message.hasMemory() ? MemoryMessages.report(message.getMemory()) : null);
  }

  private static NodeReportMessage.Role role(Role role) {
    return switch (role) {
      case INDEX -> NodeReportMessage.Role.INDEX;
      case QUERY -> NodeReportMessage.Role.QUERY;
      case INGEST -> NodeReportMessage.Role.INGEST;
    };
  }

  private static Set<Role> roles(NodeReportMessage message) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (NodeReportMessage.Role role : message.getRolesList()) {
      switch (role) {
        case INDEX -> roles.add(Role.INDEX);
        case QUERY -> roles.add(Role.QUERY);
        case INGEST -> roles.add(Role.INGEST);
        case ROLE_UNSPECIFIED, UNRECOGNIZED -> {}
      }
    }
    return roles;
  }

  private static ShardReportMessage shard(ShardReport report) {
    ShardReportMessage.Builder builder =
        ShardReportMessage.newBuilder()
            .setShard(MetaMessages.shardId(report.shard()))
            .setState(report.state())
            .setPosition(report.position())
            .setLogEnd(report.logEnd())
            .setStaleMs(report.staleMs())
            .setPoints(report.points())
            .setContentHash(report.contentHash());
    for (BrokenChain chain : report.brokenChains()) {
      builder.addBrokenChains(
          BrokenChainMessage.newBuilder()
              .setTopicId(Bytes.ofUuid(chain.topicId()))
              .setPartition(chain.partition())
              .setBefore(chain.before())
              .setLast(chain.last()));
    }
    String problem = report.problem();
    if (problem != null) {
      builder.setProblem(problem);
    }
    return builder.build();
  }

  private static ShardReport shard(ShardReportMessage message) {
    return new ShardReport(
        MetaMessages.shardId(message.getShard()),
        message.getState(),
        message.getPosition(),
        message.getLogEnd(),
        message.getStaleMs(),
        message.getPoints(),
        message.getContentHash(),
        message.getBrokenChainsList().stream().map(NodeReportCodec::chain).toList(),
        message.hasProblem() ? message.getProblem() : null);
  }

  private static BrokenChain chain(BrokenChainMessage message) {
    return new BrokenChain(
        Bytes.uuid(message.getTopicId()),
        message.getPartition(),
        message.getBefore(),
        message.getLast());
  }

  private static IngestReport ingest(IngestReportMessage message) {
    return new IngestReport(
        message.getAccepted(),
        message.getDeadLetters(),
        message.getDiscarded(),
        message.getDeclaredLosses(),
        message.getPositionsList());
  }

  private static QuotaReportMessage quota(QuotaReport report) {
    QuotaReportMessage.Builder builder =
        QuotaReportMessage.newBuilder().setExceeded(report.exceeded());
    if (report.residentMemoryPercent() != null) {
      builder.setResidentMemoryPercent(report.residentMemoryPercent());
    }
    if (report.diskUsagePercent() != null) {
      builder.setDiskUsagePercent(report.diskUsagePercent());
    }
    return builder.build();
  }

  private static QuotaReport quota(QuotaReportMessage message) {
    return new QuotaReport(
        message.getExceeded(),
        message.hasResidentMemoryPercent() ? (Integer) message.getResidentMemoryPercent() : null,
        message.hasDiskUsagePercent() ? (Integer) message.getDiskUsagePercent() : null);
  }
}
