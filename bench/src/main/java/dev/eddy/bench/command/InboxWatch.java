package dev.eddy.bench.command;

import dev.eddy.bench.measure.Latencies;
import dev.eddy.bench.server.CollectionAdmin;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Notes when points that came through the inbox become visible: one thread reads all awaited ids,
 * again and again. {@link #expect} is safe from any thread, the rest belongs to one.
 */
final class InboxWatch implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

  private final CollectionAdmin admin;
  private final String collection;
  private final Map<Long, Long> dueNanosById = new ConcurrentHashMap<>();
  private final Thread reader;
  private LongStream.Builder visible = LongStream.builder();
  private LongStream.Builder rounds = LongStream.builder();
  private long startNanos = System.nanoTime();
  private long longestNanos;
  private long longestDueNanos = startNanos;
  private volatile @Nullable RuntimeException failure;
  private volatile boolean isClosed;

  /** Reads through this connection. */
  InboxWatch(CollectionAdmin admin, String collection) {
    this.admin = admin;
    this.collection = collection;
    this.reader = Thread.ofPlatform().name("inbox-watch").start(this::read);
  }

  /** Awaits a point whose record was due at this {@link System#nanoTime}. */
  void expect(long id, long dueNanos) {
    dueNanosById.put(id, dueNanos);
  }

  private void read() {
    try {
      while (!isClosed) {
        long[] awaited = dueNanosById.keySet().stream().mapToLong(id -> id).toArray();
        long start = System.nanoTime();
        if (awaited.length > 0) {
          round(admin.present(collection, awaited), start);
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  private synchronized void round(long[] present, long startNanos) {
    long now = System.nanoTime();
    for (long id : present) {
      Long due = dueNanosById.remove(id);
      if (due != null) {
        visible.add(now - due);
        if (now - due > longestNanos) {
          longestNanos = now - due;
          longestDueNanos = due;
        }
      }
    }
    rounds.add(now - startNanos + PAUSE_NANOS);
  }

  /** Waits until every awaited point was seen. */
  void settle() throws TimeoutException {
    long start = System.nanoTime();
    while (!dueNanosById.isEmpty()) {
      RuntimeException failed = failure;
      if (failed != null) {
        throw failed;
      }
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new TimeoutException(
            "%d points of the inbox did not become visible within %s: %s"
                .formatted(dueNanosById.size(), PATIENCE, firstAwaited()));
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private String firstAwaited() {
    long[] ids = dueNanosById.keySet().stream().mapToLong(id -> id).sorted().limit(5).toArray();
    return Arrays.toString(ids);
  }

  /** Forgets what was noted so far. */
  synchronized void reset() {
    startNanos = System.nanoTime();
    longestNanos = 0;
    longestDueNanos = startNanos;
    visible = LongStream.builder();
    rounds = LongStream.builder();
  }

  /** From due to visible. */
  synchronized Latencies latencies() {
    return new Latencies(visible.build().toArray());
  }

  /** When the record with the longest latency was due, in seconds since the last reset. */
  synchronized double longestAtSeconds() {
    return (longestDueNanos - startNanos) / 1e9;
  }

  /** How long the reader's rounds took: what the latencies may be too long by. */
  synchronized String rounds() {
    Latencies took = new Latencies(rounds.build().toArray());
    return String.format(Locale.ROOT, "%.2f / %.2f", took.millis(0.5), took.maxMillis());
  }

  @Override
  public void close() {
    isClosed = true;
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
