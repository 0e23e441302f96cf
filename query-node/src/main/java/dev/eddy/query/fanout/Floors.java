package dev.eddy.query.fanout;

import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.Generation;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Per shard the position below which this node has acknowledged or completed every write that went
 * through it: what a read through this node must see. Positions never decrease. Safe from any
 * thread.
 */
public final class Floors {
  private final ConcurrentHashMap<UUID, AtomicLongArray> byCollection = new ConcurrentHashMap<>();

  /** This node has answered for the update at this offset. */
  public void raise(Generation generation, int shard, long offset) {
    of(generation).accumulateAndGet(shard, offset + 1, Math::max);
  }

  /** The floor as a position: 0 = none. */
  public long position(Generation generation, int shard) {
    AtomicLongArray floors = byCollection.get(generation.collectionId());
    return floors == null ? 0 : floors.get(shard);
  }

  /** Forgets collections that are gone. */
  public void retain(ClusterState state) {
    Set<UUID> kept = new HashSet<>();
    for (List<Generation> lives : state.generations().values()) {
      for (Generation life : lives) {
        if (life.state() != Generation.State.DROPPED) {
          kept.add(life.collectionId());
        }
      }
    }
    byCollection.keySet().retainAll(kept);
  }

  private AtomicLongArray of(Generation generation) {
    return byCollection.computeIfAbsent(
        generation.collectionId(), id -> new AtomicLongArray(generation.spec().shardNumber()));
  }
}
