package dev.eddy.query.service;

import dev.eddy.model.cluster.ClusterState.Leader;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.NodeReport.ShardReport;
import dev.eddy.model.cluster.Placement.ReplicaState;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Collections, shards, replicas, positions, lag, log bytes, inbox and dead letters of a moment.
 *
 * @param leader who was elected last, or null before there was one; it may have died since
 * @param nodes those that reported lately
 */
public record ClusterStatus(
    @Nullable Leader leader, List<NodeReport> nodes, List<Collection> collections, Inbox inbox) {

  /**
   * A collection.
   *
   * @param log its topic
   * @param shards index = shard
   */
  public record Collection(
      String name, int generation, String log, long logBytes, List<List<Replica>> shards) {
    public Collection {
      shards = shards.stream().map(List::copyOf).toList();
    }
  }

  /**
   * A replica of a shard.
   *
   * @param report what its node said lately, or null
   */
  public record Replica(String nodeId, ReplicaState readSet, @Nullable ShardReport report) {
    /** The state of a replica whose node says nothing. */
    private static final String UNREPORTED = "UNREPORTED";

    public Optional<ShardReport> reported() {
      return Optional.ofNullable(report);
    }

    public String state() {
      return reported().map(ShardReport::state).orElse(UNREPORTED);
    }
  }

  /** The topic for writers to Kafka, and what became of its records. */
  public record Inbox(
      String topic,
      long records,
      long lagRecords,
      long logBytes,
      long acceptedSinceStart,
      long discardedSinceStart,
      long declaredLosses,
      long deadLettersSinceStart,
      long deadLettersEndOffset) {}

  public ClusterStatus {
    nodes = List.copyOf(nodes);
    collections = List.copyOf(collections);
  }

  public Optional<Leader> controller() {
    return Optional.ofNullable(leader);
  }
}
