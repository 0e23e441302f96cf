package dev.eddy.model.cluster;

import java.util.List;
import java.util.UUID;

/**
 * Which nodes serve the shards of one generation, decided by the controller.
 *
 * @param shards index = shard; each a list of replicas
 * @param version offset of the metadata record that decided it; an older one never replaces a newer
 */
public record Placement(
    UUID collectionId, int generation, List<List<Replica>> shards, long version) {

  /** One index node serving one shard. */
  public record Replica(String nodeId, ReplicaState state) {}

  /**
   * How far a replica has come. A writer that waits for its update reads the placement
   * <em>after</em> its append was acknowledged, never before: else a replica that joins in between
   * would answer without the update.
   */
  public enum ReplicaState {
    /**
     * The node hosts the shard and replays its log; no writer waits for it and no reader asks it.
     */
    CATCHING_UP,
    /** Near the end of the log; every writer waits for it already, no reader asks it yet. */
    JOINING,
    /** In the read set. */
    READING,
    /** On its way out of the read set: no reader asks it; writers still wait until all know. */
    LEAVING
  }

  public Placement {
    shards = shards.stream().map(List::copyOf).toList();
  }

  /** The replicas of a shard that every writer waits for: all but those that catch up. */
  public List<Replica> awaited(int shard) {
    return shards.get(shard).stream()
        .filter(replica -> replica.state() != ReplicaState.CATCHING_UP)
        .toList();
  }

  /** The replicas of a shard that readers may ask. */
  public List<Replica> reading(int shard) {
    return shards.get(shard).stream()
        .filter(replica -> replica.state() == ReplicaState.READING)
        .toList();
  }

  /** Whether the node hosts the shard, in whatever state. */
  public boolean hosts(String nodeId, int shard) {
    return shards.get(shard).stream().anyMatch(replica -> replica.nodeId().equals(nodeId));
  }
}
