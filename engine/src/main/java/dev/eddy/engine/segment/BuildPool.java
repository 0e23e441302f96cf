package dev.eddy.engine.segment;

import dev.eddy.engine.graph.ScratchPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The platform threads of a node that link, seal and merge. They give way: to everything else by a
 * small share of contended cores, and while searches compute, builders beyond the free cores pause
 * before each row, though never for long, so that linking goes on under any load. Thread-safe.
 *
 * <p>The queue is bounded by construction: a segment has at most one linking task per thread
 * queued, a field at most one merge.
 */
public final class BuildPool implements AutoCloseable {
  private static final long PAUSE_NANOS = 50_000;
  private static final int PAUSES_MAX = 20;
  private static final long RECENT_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final int threads;
  private final LongSupplier nanoClock;
  private final ScratchPool scratchPool;
  private final ThreadPoolExecutor executor;
  private final AtomicInteger activeSearches = new AtomicInteger();
  private final AtomicInteger activeBuilders = new AtomicInteger();
  private volatile long lastSearchNanos;

  /** A pool of this many threads. */
  public BuildPool(int threads) {
    this(threads, System::nanoTime);
  }

  /** A pool of this many threads and a monotonic clock. */
  public BuildPool(int threads, LongSupplier nanoClock) {
    this.threads = threads;
    this.nanoClock = nanoClock;
    this.lastSearchNanos = nanoClock.getAsLong() - 2 * RECENT_NANOS;
    this.scratchPool = new ScratchPool(2 * threads + 2);
    AtomicInteger number = new AtomicInteger();
    this.executor =
        new ThreadPoolExecutor(
            threads,
            threads,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task ->
                Thread.ofPlatform()
                    .name("eddy-build-" + number.getAndIncrement())
                    .daemon(true)
                    .unstarted(() -> {
                      ThreadShare.lower();
                      task.run();
                    }));
  }

  /** Monotonic. */
  public LongSupplier nanoClock() {
    return nanoClock;
  }

  /** Threads of the pool. */
  public int threads() {
    return threads;
  }

  ScratchPool scratchPool() {
    return scratchPool;
  }

  /** A search begins to compute; every call is paired with one of {@link #searchFinished}. */
  public void searchStarted() {
    activeSearches.incrementAndGet();
    lastSearchNanos = nanoClock.getAsLong();
  }

  /** A search has computed. */
  public void searchFinished() {
    activeSearches.decrementAndGet();
  }

  /** Whether somebody has searched within the last two seconds. */
  boolean isSearched() {
    return activeSearches.get() > 0 || nanoClock.getAsLong() - lastSearchNanos < RECENT_NANOS;
  }

  /** Queues a task; returns false after {@link #close}. */
  public boolean submit(Runnable task) {
    try {
      executor.execute(task);
      return true;
    } catch (RejectedExecutionException closed) {
      return false;
    }
  }

  /**
   * Starts a short task that others wait for, with a full share of the cores; returns false after
   * {@link #close}.
   */
  boolean submitPressing(Runnable task) {
    if (executor.isShutdown()) {
      return false;
    }
    Thread.ofPlatform().name("eddy-encode").daemon(true).start(task);
    return true;
  }

  void builderStarted() {
    activeBuilders.incrementAndGet();
  }

  void builderFinished() {
    activeBuilders.decrementAndGet();
  }

  /**
   * Called by a builder before each row: waits up to a millisecond while searches need its core.
   */
  void giveWay() {
    for (int i = 0;
        i < PAUSES_MAX
            && activeSearches.get() > 0
            && activeSearches.get() + activeBuilders.get() > threads;
        i++) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /** Stops the threads once what is queued has run. Close the fields first. */
  @Override
  public void close() {
    // No interrupts: they would close file channels under a writing task. Queued tasks run, but
    // none is queued again.
    executor.shutdown();
  }
}
