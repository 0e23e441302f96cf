package dev.eddy.index.serve;

import dev.eddy.model.answer.AnswerMeter;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.shard.ShardException;
import dev.eddy.model.shard.ShardException.Reason;
import dev.eddy.model.usage.Explanation;
import dev.eddy.model.usage.HardwareUsage;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The platform threads that compute for requests, which wait on virtual ones; those compute
 * themselves what is short. A lane is never interrupted: that would close the files it reads.
 *
 * <p>Threading: safe from any thread.
 */
public final class ComputeLanes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ComputeLanes.class);

  /** Giving way costs rate, fewer times let one connection keep its carrier for longer. */
  private static final int SHORT_RUNS_PER_TURN = 4;

  private final int threadCount;
  private final int queueSize;
  private final long answerBytes;
  private final ThreadPoolExecutor threads;
  private final Semaphore shortPlaces;
  private final Runnable giveWay;
  private final AtomicInteger turns = new AtomicInteger();

  public ComputeLanes(ServeSettings settings) {
    this(settings, Thread::yield);
  }

  ComputeLanes(ServeSettings settings, Runnable giveWay) {
    this.giveWay = giveWay;
    this.threadCount = settings.computeThreads();
    this.queueSize = settings.computeQueue();
    this.answerBytes = settings.answerBytes();
    this.threads =
        new ThreadPoolExecutor(
            threadCount,
            threadCount,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(queueSize),
            Thread.ofPlatform().daemon().name("eddy-search-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
    this.shortPlaces = new Semaphore(settings.shortSearches());
  }

  /** Requests that wait for a thread now. */
  public int queued() {
    return threads.getQueue().size();
  }

  /**
   * Runs the work on a lane and waits for its result, at most until the deadline.
   *
   * @param afterwards runs exactly once: after the work, or when it is certain not to start
   * @throws ShardException OVERLOADED when the queue is full, TIMEOUT, or what the work threw
   * @throws EddyException what the work threw
   */
  <T> T run(Deadline deadline, Supplier<T> work, Runnable afterwards) {
    CompletableFuture<T> result = new CompletableFuture<>();
    AtomicBoolean isTaken = new AtomicBoolean();
    Runnable task =
        HardwareUsage.carried(
            Explanation.carried(() -> {
              if (isTaken.compareAndSet(false, true)) {
                compute(work, afterwards, result);
              }
            }));
    try {
      threads.execute(task);
    } catch (RejectedExecutionException _) {
      afterwards.run();
      throw new ShardException(
          Reason.OVERLOADED,
          "%d requests compute and %d wait, the limits of this node"
              .formatted(threadCount, queueSize));
    }
    try {
      return result.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      giveUp(task, isTaken, afterwards);
      throw timeIsUp();
    } catch (InterruptedException e) {
      giveUp(task, isTaken, afterwards);
      Thread.currentThread().interrupt();
      throw new ShardException(Reason.TIMEOUT, "interrupted while computing", e);
    } catch (ExecutionException e) {
      throw translated(e.getCause() == null ? e : e.getCause());
    }
  }

  /**
   * As {@link #run}, on the calling thread if there is a place and nobody waits for a lane: handing
   * short work over and waiting for it costs more than the work, two sleeps and two wakes. The
   * caller's carrier is held meanwhile, so this is for what takes no longer than a thread may have
   * to wait for a core anyway, a millisecond or so. It is not ended when the time is up meanwhile.
   *
   * <p>Some first let the virtual threads go that are ready: one that always finds its next request
   * read would never do so otherwise, and the others would wait for tens of milliseconds.
   */
  <T> T runShort(Deadline deadline, Supplier<T> work) {
    boolean isForLane =
        Thread.currentThread().isInterrupted()
            || threads.isShutdown()
            || !threads.getQueue().isEmpty();
    if (isForLane || !shortPlaces.tryAcquire()) {
      return run(deadline, work, () -> {});
    }
    try {
      if (turns.incrementAndGet() % SHORT_RUNS_PER_TURN == 0) {
        giveWay.run();
      }
      if (deadline.isOver()) {
        throw timeIsUp();
      }
      return metered(work);
    } catch (RuntimeException | Error e) {
      throw translated(e);
    } finally {
      shortPlaces.release();
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }

  /** What has not started never will, and leaves its place in the queue to another. */
  private void giveUp(Runnable task, AtomicBoolean isTaken, Runnable afterwards) {
    if (isTaken.compareAndSet(false, true)) {
      threads.remove(task);
      afterwards.run();
    }
  }

  private <T> T metered(Supplier<T> work) {
    try (AnswerMeter meter = AnswerMeter.single(answerBytes)) {
      return meter.metering(work);
    }
  }

  private <T> void compute(Supplier<T> work, Runnable afterwards, CompletableFuture<T> result) {
    T value;
    try {
      value = metered(work);
    } catch (RuntimeException | Error e) {
      afterwards.run();
      result.completeExceptionally(e);
      return;
    }
    afterwards.run();
    result.complete(value);
  }

  private static ShardException timeIsUp() {
    return new ShardException(Reason.TIMEOUT, "the time was up before the shard had an answer");
  }

  private static RuntimeException translated(Throwable cause) {
    return switch (cause) {
      case ShardException e -> e;
      case EddyException e -> e;
      default -> {
        LOG.error("event=read-failed", cause);
        yield new ShardException(Reason.FAILED, "the read failed: " + cause, cause);
      }
    };
  }
}
