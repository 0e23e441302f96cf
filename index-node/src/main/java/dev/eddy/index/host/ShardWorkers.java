package dev.eddy.index.host;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The few platform threads that write all shards of a node, and those that write their checkpoints.
 * Each shard has at most one task of each kind in a queue, which bounds them.
 */
final class ShardWorkers implements Executor, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShardWorkers.class);

  private final Executor threads;
  private final Executor checkpointThreads;
  private final Runnable stop;
  private final Semaphore checkpoints;
  private final Mailbox.Budget mailboxes;

  /** Workers on threads that somebody else drives, one task at a time per shard. */
  ShardWorkers(HostSettings settings, Executor threads) {
    this(settings, threads, threads, () -> {});
  }

  private ShardWorkers(
      HostSettings settings, Executor threads, Executor checkpointThreads, Runnable stop) {
    this.threads = threads;
    this.checkpointThreads = checkpointThreads;
    this.stop = stop;
    this.checkpoints = new Semaphore(settings.checkpointsAtOnce());
    this.mailboxes = new Mailbox.Budget(settings.mailboxesBytes());
  }

  /** Workers on threads of their own. */
  static ShardWorkers start(HostSettings settings) {
    ThreadPoolExecutor writers = pool(settings.workerThreads(), "eddy-shard-writer-");
    ThreadPoolExecutor checkpoints = pool(settings.checkpointsAtOnce(), "eddy-checkpoint-");
    return new ShardWorkers(
        settings,
        writers,
        checkpoints,
        () -> {
          stop(checkpoints, settings.closeTimeout());
          stop(writers, settings.closeTimeout());
        });
  }

  private static ThreadPoolExecutor pool(int threads, String name) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name(name, 0).factory());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** Runs a task soon; after closing it is dropped. */
  @Override
  public void execute(Runnable task) {
    try {
      threads.execute(task);
    } catch (RejectedExecutionException _) {
      LOG.debug("event=writer-task-dropped reason=closed");
    }
  }

  /**
   * Writes a checkpoint on a thread that may wait for the disk; after closing on the caller's, so
   * that its end is never missed.
   */
  void writeCheckpoint(Runnable task) {
    try {
      checkpointThreads.execute(task);
    } catch (RejectedExecutionException _) {
      task.run();
    }
  }

  Semaphore checkpoints() {
    return checkpoints;
  }

  Mailbox.Budget mailboxes() {
    return mailboxes;
  }

  @Override
  public void close() {
    stop.run();
  }

  private static void stop(ExecutorService pool, Duration timeout) {
    pool.shutdown();
    try {
      if (!pool.awaitTermination(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("event=writers-still-busy waited_ms={}", timeout.toMillis());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
