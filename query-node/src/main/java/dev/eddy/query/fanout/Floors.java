package dev.eddy.query.fanout;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.Generation;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * Per shard the position below which this node has acknowledged or completed every write that went
 * through it: what a read through this node must see, and whether there are such reads. Positions
 * never decrease. Safe from any thread.
 */
public final class Floors {
  private static final long RECENT_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** So that reads don't all write into the same line of memory. */
  private static final long NOTED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final ConcurrentHashMap<UUID, Floor> byCollection = new ConcurrentHashMap<>();
  private final LongSupplier nanoClock;

  private static final class Floor {
    private final AtomicLongArray positions;
    private volatile boolean isRead;
    private volatile long readNanos;

    Floor(int shards) {
      positions = new AtomicLongArray(shards);
    }
  }

  /** With a monotonic clock, in nanoseconds. */
  public Floors(LongSupplier nanoClock) {
    this.nanoClock = requireNonNull(nanoClock, "nanoClock");
  }

  /** This node has answered for the update at this offset. */
  public void raise(Generation generation, int shard, long offset) {
    of(generation).positions.accumulateAndGet(shard, offset + 1, Math::max);
  }

  /** The floor as a position: 0 = none. */
  public long position(Generation generation, int shard) {
    Floor floor = byCollection.get(generation.collectionId());
    return floor == null ? 0 : floor.positions.get(shard);
  }

  /** A read of the collection begins, which will wait for its floors. */
  public void noteRead(Generation generation) {
    Floor floor = of(generation);
    long now = nanoClock.getAsLong();
    if (!floor.isRead || now - floor.readNanos > NOTED_NANOS) {
      floor.readNanos = now;
      floor.isRead = true;
    }
  }

  /** Whether a read of the collection has begun within the last two seconds. */
  public boolean isReadLately(Generation generation) {
    Floor floor = byCollection.get(generation.collectionId());
    return floor != null && floor.isRead && nanoClock.getAsLong() - floor.readNanos < RECENT_NANOS;
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

  private Floor of(Generation generation) {
    return byCollection.computeIfAbsent(
        generation.collectionId(), id -> new Floor(generation.spec().shardNumber()));
  }
}
