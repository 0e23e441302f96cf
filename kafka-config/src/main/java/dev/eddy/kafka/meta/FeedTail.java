package dev.eddy.kafka.meta;

import dev.eddy.kafka.meta.TopicFeed.Entry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a {@link TopicFeed} on a thread of its own, and knows how far it has come.
 *
 * <p>When reading fails, or when so long passed between two looks that the removal of a key may
 * have been compacted away unseen, it reads the topic again from its start. A record that the
 * reader does not understand ends it for good: going on would mean acting on half the truth.
 */
final class FeedTail implements AutoCloseable {
  /** What is done with the records; called on the tail's thread. */
  interface Reader {
    /** The topic is read again from its start. */
    void restart();

    /**
     * Takes records in order, maybe none.
     *
     * @param position behind them
     * @param waitedNanos since the previous call
     * @return the position up to which others now see the effect
     */
    long accept(List<Entry> entries, long position, long waitedNanos);
  }

  private static final Logger LOG = LoggerFactory.getLogger(FeedTail.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration BACKOFF = Duration.ofMillis(300);

  /** A quarter of the day for which Kafka keeps removals in a compacted topic. */
  private static final Duration GAP_MAX = Duration.ofHours(6);

  private final String name;
  private final TopicFeed feed;
  private final Reader reader;
  private final Thread thread;
  private final Object lock = new Object();
  private long position; // guarded by lock
  private @Nullable RuntimeException failure; // guarded by lock
  private boolean isClosed; // guarded by lock

  FeedTail(String name, TopicFeed feed, Reader reader) {
    this.name = name;
    this.feed = feed;
    this.reader = reader;
    this.thread = Thread.ofPlatform().daemon().name("eddy-" + name).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!closed()) {
        try {
          follow();
        } catch (MetaUnreadableException e) {
          throw e;
        } catch (RuntimeException e) {
          if (!closed()) {
            LOG.warn("event=feed_restarted topic={} reason=\"{}\"", name, e.toString());
            pause();
          }
        }
        passed(0);
      }
    } catch (MetaUnreadableException e) {
      LOG.error("event=feed_failed topic={}", name, e);
      fail(e);
    } finally {
      feed.close();
    }
  }

  /** Reads until closed; returns when it has to start again. */
  private void follow() {
    feed.rewind();
    reader.restart();
    long last = System.nanoTime();
    while (!closed()) {
      List<Entry> entries = feed.poll(POLL);
      long now = System.nanoTime();
      long waited = now - last;
      if (waited > GAP_MAX.toNanos()) {
        LOG.warn("event=feed_restarted topic={} reason=\"not read for {} s\"", name, waited / 1e9);
        return;
      }
      last = now;
      passed(reader.accept(entries, feed.position(), waited));
    }
  }

  private void passed(long reached) {
    synchronized (lock) {
      if (reached != position) {
        position = reached;
        lock.notifyAll();
      }
    }
  }

  private void fail(RuntimeException cause) {
    synchronized (lock) {
      failure = cause;
      lock.notifyAll();
    }
  }

  private boolean closed() {
    synchronized (lock) {
      return isClosed;
    }
  }

  private void pause() {
    synchronized (lock) {
      long deadline = System.nanoTime() + BACKOFF.toNanos();
      for (long rest = BACKOFF.toNanos();
          rest > 0 && !isClosed;
          rest = deadline - System.nanoTime()) {
        waitNanos(rest);
      }
    }
  }

  /** What ended the reading for good. */
  Optional<RuntimeException> failure() {
    synchronized (lock) {
      return Optional.ofNullable(failure);
    }
  }

  /**
   * Returns when everything was read that the topic held when the call came.
   *
   * @return whether that succeeded in time
   */
  boolean readToEnd(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      long rest = deadline - System.nanoTime();
      if (rest <= 0 || closed() || failure().isPresent()) {
        return false;
      }
      try {
        long end = feed.end().get(rest, TimeUnit.NANOSECONDS);
        return awaitPosition(end, deadline);
      } catch (TimeoutException e) {
        return false;
      } catch (ExecutionException e) {
        LOG.debug("event=end_unknown topic={}", name, e);
        pause();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }

  /** Whether the position was reached before the deadline of the monotonic clock. */
  boolean awaitPosition(long wanted, long deadlineNanos) {
    synchronized (lock) {
      while (position < wanted) {
        long rest = deadlineNanos - System.nanoTime();
        if (rest <= 0 || isClosed || failure != null || Thread.currentThread().isInterrupted()) {
          return false;
        }
        waitNanos(rest);
      }
      return true;
    }
  }

  private void waitNanos(long nanos) {
    try {
      TimeUnit.NANOSECONDS.timedWait(lock, nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      isClosed = true;
      lock.notifyAll();
    }
    feed.wakeUp();
    try {
      if (thread.isAlive()) {
        thread.join(Duration.ofSeconds(3));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
