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

  public enum ReplicaState {
    /** Replaying; every writer waits for it already, no reader asks it yet. */
    JOINING,
    /** In the read set. */
    READING,
    /** On its way out of the read set: no reader asks it; writers still wait until all know. */
    LEAVING
  }

  public Placement {
    shards = shards.stream().map(List::copyOf).toList();
  }
}
