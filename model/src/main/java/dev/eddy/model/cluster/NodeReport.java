package dev.eddy.model.cluster;

import dev.eddy.model.shard.MemoryUse;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.BrokenChain;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a node says of itself, every second and at once on change.
 *
 * @param nodeId persistent, kept in the node's data folder
 * @param incarnation larger for every start of the same node id; the larger one fences the smaller
 * @param shardAddress host:port of the internal shard service; null when the node hosts no shards
 * @param peerAddress host:port of the query node's peer service; null on other nodes
 * @param metaPosition position of the metadata topic this node has read and acts upon
 * @param quota how close the node is to its quotas; null on nodes that are not held to any
 * @param memory what the node's shards hold and may hold; null when it hosts none
 */
public record NodeReport(
    String nodeId,
    long incarnation,
    Set<Role> roles,
    @Nullable String shardAddress,
    @Nullable String peerAddress,
    long metaPosition,
    List<ShardReport> shards,
    @Nullable IngestReport ingest,
    @Nullable QuotaReport quota,
    @Nullable MemoryReport memory) {

  public enum Role {
    INDEX,
    QUERY,
    INGEST
  }

  /**
   * A hosted shard.
   *
   * @param state RESTORING, REPLAYING, SERVING or FAILED
   * @param position next offset to apply, as published
   * @param logEnd end of its log partition as last seen
   * @param staleMs log time between the newest record and the newest applied one; 0 when position =
   *     logEnd
   * @param brokenChains seen lately and not healed since; the shard's log partition is the shard's
   *     number
   * @param problem why it failed, what it can't do for now although it serves, or what it has put
   *     off until there is memory for it; null when all is well
   */
  public record ShardReport(
      ShardId shard,
      String state,
      long position,
      long logEnd,
      long staleMs,
      long points,
      String contentHash,
      List<BrokenChain> brokenChains,
      @Nullable String problem) {
    public ShardReport {
      brokenChains = List.copyOf(brokenChains);
    }

    /** A shard whose inbox chains are whole, and with no other problem. */
    public ShardReport(
        ShardId shard,
        String state,
        long position,
        long logEnd,
        long staleMs,
        long points,
        String contentHash) {
      this(shard, state, position, logEnd, staleMs, points, contentHash, List.of(), null);
    }

    public long lagRecords() {
      return Math.max(0, logEnd - position);
    }
  }

  /**
   * The inbox pipeline: records taken, dead letters written, records discarded with their
   * generation, losses declared.
   */
  public record IngestReport(
      long accepted, long deadLetters, long discarded, long declaredLosses, List<Long> positions) {
    public IngestReport {
      positions = List.copyOf(positions);
    }
  }

  /**
   * What a node uses of what quotas limit, in whole percents; null = the system does not tell.
   *
   * @param exceeded whether the node refuses writes for it
   */
  public record QuotaReport(
      boolean exceeded,
      @Nullable Integer residentMemoryPercent,
      @Nullable Integer diskUsagePercent) {}

  /**
   * What the shards of a node hold of memory.
   *
   * @param heldBytes of heap that they hold
   * @param limitBytes of heap that they may hold
   * @param releaseBytes of heap held at which a full node takes data again
   * @param isFull whether writes that add data are refused for now
   * @param use of all shards together, of some seconds ago; fields are not told apart
   */
  public record MemoryReport(
      long heldBytes, long limitBytes, long releaseBytes, boolean isFull, MemoryUse use) {}

  /** A node that is not held to quotas and hosts no shards. */
  public NodeReport(
      String nodeId,
      long incarnation,
      Set<Role> roles,
      @Nullable String shardAddress,
      @Nullable String peerAddress,
      long metaPosition,
      List<ShardReport> shards,
      @Nullable IngestReport ingest) {
    this(
        nodeId,
        incarnation,
        roles,
        shardAddress,
        peerAddress,
        metaPosition,
        shards,
        ingest,
        null,
        null);
  }

  public NodeReport {
    roles = Set.copyOf(roles);
    shards = List.copyOf(shards);
  }
}
