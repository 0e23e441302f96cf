package dev.eddy.index.serve;

import dev.eddy.index.host.ReadLease;
import dev.eddy.model.shard.ShardException;
import dev.eddy.model.shard.ShardException.Reason;
import dev.eddy.model.shard.ShardId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Leases kept between the trips of a search: bounded in number and in time.
 *
 * <p>Threading: safe from any thread. Whoever takes a lease out owns it.
 */
public final class LeaseTable implements AutoCloseable {
  private final int leasesMax;
  private final long lifeNanos;
  private final LongSupplier nanoClock;

  /** In the order of their ends, as all live equally long. Guarded by this. */
  private final Map<Long, Kept> byId = new LinkedHashMap<>();

  /** Guarded by this. */
  private long nextId;

  /** Guarded by this. */
  private boolean closed;

  /**
   * An empty table.
   *
   * @param firstId random, so that an id of an earlier life of the node names nothing
   */
  public LeaseTable(int leasesMax, Duration life, LongSupplier nanoClock, long firstId) {
    this.leasesMax = leasesMax;
    this.lifeNanos = life.toNanos();
    this.nanoClock = nanoClock;
    this.nextId = firstId;
  }

  /**
   * Keeps a lease.
   *
   * @return its id, never 0
   * @throws ShardException OVERLOADED when as many are kept as may be; the lease stays the caller's
   */
  long keep(ShardId shard, ReadLease lease) {
    expire();
    synchronized (this) {
      if (closed || byId.size() >= leasesMax) {
        throw new ShardException(
            Reason.OVERLOADED, "%d leases are kept, limit %d".formatted(byId.size(), leasesMax));
      }
      if (nextId == 0) {
        nextId++;
      }
      long id = nextId++;
      byId.put(id, new Kept(shard, lease, nanoClock.getAsLong() + lifeNanos));
      return id;
    }
  }

  /** Keeps a lease on that was taken out, under the id that it had, for a whole life. */
  void keepOn(ShardId shard, long leaseId, ReadLease lease) {
    boolean isKept;
    synchronized (this) {
      isKept = !closed;
      if (isKept) {
        byId.put(leaseId, new Kept(shard, lease, nanoClock.getAsLong() + lifeNanos));
      }
    }
    if (!isKept) {
      lease.close();
    }
  }

  /** Takes a lease out; empty when it is unknown, over, or of another shard. */
  Optional<ReadLease> take(ShardId shard, long leaseId) {
    expire();
    synchronized (this) {
      Kept kept = byId.get(leaseId);
      if (kept == null || !kept.shard.equals(shard)) {
        return Optional.empty();
      }
      byId.remove(leaseId);
      return Optional.of(kept.lease);
    }
  }

  /** Gives back what lives no longer. */
  public void expire() {
    long now = nanoClock.getAsLong();
    List<ReadLease> over = new ArrayList<>();
    synchronized (this) {
      Iterator<Kept> oldestFirst = byId.values().iterator();
      while (oldestFirst.hasNext()) {
        Kept kept = oldestFirst.next();
        if (now - kept.endNanos < 0) {
          break;
        }
        oldestFirst.remove();
        over.add(kept.lease);
      }
    }
    over.forEach(ReadLease::close);
  }

  /** Gives back every lease of a shard. */
  public void releaseAll(ShardId shard) {
    List<ReadLease> over = new ArrayList<>();
    synchronized (this) {
      byId.values()
          .removeIf(kept -> {
            boolean isOfShard = kept.shard.equals(shard);
            if (isOfShard) {
              over.add(kept.lease);
            }
            return isOfShard;
          });
    }
    over.forEach(ReadLease::close);
  }

  /** How many are kept. */
  public synchronized int size() {
    return byId.size();
  }

  @Override
  public void close() {
    List<ReadLease> over = new ArrayList<>();
    synchronized (this) {
      closed = true;
      byId.values().forEach(kept -> over.add(kept.lease));
      byId.clear();
    }
    over.forEach(ReadLease::close);
  }

  private record Kept(ShardId shard, ReadLease lease, long endNanos) {}
}
