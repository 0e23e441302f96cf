package dev.eddy.index.host;

import dev.eddy.model.shard.ShardException;
import dev.eddy.model.shard.ShardException.Reason;
import java.time.Duration;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A position that only grows, and those who wait for it to grow.
 *
 * <p>Threading: safe from any thread; waiting suits virtual threads, nothing polls.
 *
 * <p>Invariants: the position never decreases; once closed, every waiter, present or future, fails
 * at once.
 */
public final class PositionGate {
  private final int waitersMax;
  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by the lock. */
  private final NavigableMap<Key, CompletableFuture<Void>> waiters = new TreeMap<>();

  /** Guarded by the lock. */
  private long sequence;

  private volatile long position;
  private volatile @Nullable ShardException closed;

  /**
   * A gate at a position.
   *
   * @param waitersMax how many may wait at once; one more is refused as overloaded
   */
  public PositionGate(long position, int waitersMax) {
    this.position = position;
    this.waitersMax = waitersMax;
  }

  public long position() {
    return position;
  }

  /**
   * Returns as soon as the position is at least the wanted one.
   *
   * @return the position then
   * @throws ShardException STALE with the lag when the time is up, OVERLOADED when too many wait,
   *     or what the gate was closed with
   */
  public long await(long atLeast, Duration timeout) {
    throwIfClosed();
    if (position >= atLeast) {
      return position;
    }
    if (timeout.isNegative() || timeout.isZero()) {
      throw stale(atLeast, timeout);
    }
    CompletableFuture<Void> reached = new CompletableFuture<>();
    @Nullable Key key = enter(atLeast, reached);
    if (key == null) {
      return position;
    }
    try {
      reached.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return position;
    } catch (TimeoutException _) {
      throw stale(atLeast, timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ShardException(Reason.TIMEOUT, "interrupted while waiting", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ShardException failure
          ? copyOf(failure)
          : new ShardException(Reason.FAILED, "wait failed", e);
    } finally {
      leave(key);
    }
  }

  /** Moves the position forward; a lower one changes nothing. */
  public void advance(long newPosition) {
    NavigableMap<Key, CompletableFuture<Void>> reached;
    lock.lock();
    try {
      if (newPosition <= position) {
        return;
      }
      position = newPosition;
      NavigableMap<Key, CompletableFuture<Void>> head =
          waiters.headMap(new Key(newPosition, Long.MAX_VALUE), true);
      if (head.isEmpty()) {
        return;
      }
      reached = new TreeMap<>(head);
      head.clear();
    } finally {
      lock.unlock();
    }
    reached.values().forEach(waiter -> waiter.complete(null));
  }

  /** Fails everyone who waits or will wait. The first reason stays. */
  public void close(ShardException reason) {
    NavigableMap<Key, CompletableFuture<Void>> left;
    lock.lock();
    try {
      if (closed != null) {
        return;
      }
      closed = reason;
      left = new TreeMap<>(waiters);
      waiters.clear();
    } finally {
      lock.unlock();
    }
    left.values().forEach(waiter -> waiter.completeExceptionally(reason));
  }

  /** How many wait now. */
  public int waiting() {
    lock.lock();
    try {
      return waiters.size();
    } finally {
      lock.unlock();
    }
  }

  /** The waiter's key, or null when the position is reached already. */
  private @Nullable Key enter(long atLeast, CompletableFuture<Void> reached) {
    lock.lock();
    try {
      throwIfClosed();
      if (position >= atLeast) {
        return null;
      }
      if (waiters.size() >= waitersMax) {
        throw new ShardException(
            Reason.OVERLOADED,
            "%d requests wait already, limit %d".formatted(waiters.size(), waitersMax));
      }
      Key key = new Key(atLeast, sequence++);
      waiters.put(key, reached);
      return key;
    } finally {
      lock.unlock();
    }
  }

  private void leave(Key key) {
    lock.lock();
    try {
      waiters.remove(key);
    } finally {
      lock.unlock();
    }
  }

  private void throwIfClosed() {
    ShardException reason = closed;
    if (reason != null) {
      throw copyOf(reason);
    }
  }

  /** Every waiter gets its own: a shared exception would collect everybody's suppressed ones. */
  private static ShardException copyOf(ShardException reason) {
    return new ShardException(reason.reason(), String.valueOf(reason.getMessage()), reason);
  }

  private ShardException stale(long atLeast, Duration timeout) {
    long now = position;
    return new ShardException(
        Reason.STALE,
        "position %d is %d behind the asked %d after %d ms"
            .formatted(now, Math.max(0, atLeast - now), atLeast, timeout.toMillis()));
  }

  private record Key(long position, long sequence) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byPosition = Long.compare(position, other.position);
      return byPosition != 0 ? byPosition : Long.compare(sequence, other.sequence);
    }
  }
}
