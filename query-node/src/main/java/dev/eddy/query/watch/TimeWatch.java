package dev.eddy.query.watch;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that looks after everybody's time, ten times a second: who watches wants to know that
 * a time is up, not to the millisecond. Nearly every watch ends long before its time, so what must
 * be cheap is to begin and to end one; a queue ordered by time would make every request take its
 * lock twice. Safe from any thread.
 */
public final class TimeWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TimeWatch.class);
  private static final long TICK_MS = 100;

  private final Set<Due> dues = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService ticker;

  public TimeWatch(String name) {
    ticker =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name(name).factory());
    var unused = ticker.scheduleAtFixedRate(this::look, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    long now = System.nanoTime();
    for (Due due : dues) {
      if (due.isPast(now) && dues.remove(due)) {
        try {
          due.expired.run();
        } catch (RuntimeException | Error e) {
          LOG.error("time_watch_failed", e); // The others' time goes on.
        }
      }
    }
  }

  /** Runs something short when the time is up, unless that is cancelled before. */
  public Due after(Duration time, Runnable expired) {
    Due due = new Due(this, expired);
    due.restart(time);
    dues.add(due);
    return due;
  }

  /**
   * Bounds what this thread does until it closes the guard.
   *
   * @param expired what else is to be done when the time is up
   */
  public Guard guard(Duration time, Runnable expired) {
    return new Guard(this, time, expired);
  }

  /** What happens at the end of a time. Safe from any thread. */
  public static final class Due {
    private final TimeWatch watch;
    private final Runnable expired;
    private volatile long atNanos;
    private volatile boolean isSuspended;

    private Due(TimeWatch watch, Runnable expired) {
      this.watch = watch;
      this.expired = expired;
    }

    private boolean isPast(long now) {
      return !isSuspended && atNanos - now <= 0;
    }

    /** Another time begins now. Cheap; of no effect when the last one was up already. */
    public void restart(Duration time) {
      atNanos = System.nanoTime() + time.toNanos();
      isSuspended = false;
    }

    /** No time runs until the next {@link #restart}. Cheap. */
    public void suspend() {
      isSuspended = true;
    }

    /** Nothing happens any more. */
    public void cancel() {
      watch.dues.remove(this);
    }
  }

  /**
   * Interrupts the thread that made it when the time is up: a socket that a virtual thread waits
   * for is closed by that.
   */
  public static final class Guard implements AutoCloseable {
    private final Thread thread = Thread.currentThread();
    private final Duration time;
    private final Runnable expired;
    private final Due due;
    private boolean isClosed;
    private boolean isExpired;

    private Guard(TimeWatch watch, Duration time, Runnable expired) {
      this.time = time;
      this.expired = expired;
      due = watch.after(time, this::expire);
    }

    /** Something happened: the time starts anew. Cheap. */
    public void touch() {
      due.restart(time);
    }

    private synchronized void expire() {
      if (!isClosed) {
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
      due.cancel();
      if (isExpired && Thread.currentThread() == thread) {
        var _ = Thread.interrupted();
      }
    }
  }

  @Override
  public void close() {
    ticker.shutdownNow();
  }
}
