package dev.eddy.query.watch;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One thread that looks after everybody's time. Safe from any thread. */
public final class TimeWatch implements AutoCloseable {
  private static final long TICK_MS = 250;

  private final ScheduledThreadPoolExecutor timer;

  public TimeWatch(String name) {
    timer = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name(name).factory());
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    // A task that is the first in the queue wakes the thread when it comes, and most are cancelled
    // long before their time. With a tick ahead of them the thread sleeps through those.
    var unused = timer.scheduleAtFixedRate(() -> {}, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
  }

  /** Runs something short when the time is up, unless it is cancelled before. */
  public Future<?> after(Duration time, Runnable expired) {
    return timer.schedule(expired, time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Bounds what this thread does until it closes the guard.
   *
   * @param expired what else is to be done when the time is up
   */
  public Guard guard(Duration time, Runnable expired) {
    Guard guard = new Guard(Thread.currentThread(), expired);
    guard.start(this, time);
    return guard;
  }

  /**
   * Interrupts the thread that made it when the time is up: a socket that a virtual thread waits
   * for is closed by that.
   */
  public static final class Guard implements AutoCloseable {
    private final Thread thread;
    private final Runnable expired;
    private volatile long lastNanos = System.nanoTime();
    private boolean isClosed;
    private boolean isExpired;
    private Future<?> due = CompletableFuture.completedFuture(null);

    private Guard(Thread thread, Runnable expired) {
      this.thread = thread;
      this.expired = expired;
    }

    private synchronized void start(TimeWatch watch, Duration time) {
      due = watch.after(time, () -> expire(watch, time));
    }

    /** Something happened: the time starts anew. Cheap. */
    public void touch() {
      lastNanos = System.nanoTime();
    }

    private synchronized void expire(TimeWatch watch, Duration time) {
      Duration left = time.minusNanos(System.nanoTime() - lastNanos);
      if (!isClosed && left.isPositive()) {
        due = watch.after(left, () -> expire(watch, time));
      } else if (!isClosed) {
        isExpired = true;
        expired.run();
        thread.interrupt();
      }
    }

    /** Whether the time was up before this was closed. */
    public synchronized boolean isExpired() {
      return isExpired;
    }

    /** No interrupt comes after this, and none is left. */
    @Override
    public synchronized void close() {
      isClosed = true;
      due.cancel(false);
      if (isExpired && Thread.currentThread() == thread) {
        var _ = Thread.interrupted();
      }
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
