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
 * The few platform threads that write all shards of a node. Each shard has at most one task in the
 * queue, which bounds it.
 */
final class ShardWorkers implements Executor, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShardWorkers.class);

  private final Executor threads;
  private final Runnable stop;
  private final Semaphore checkpoints;
  private final Mailbox.Budget mailboxes;

  /** Workers on threads that somebody else drives, one task at a time per shard. */
  ShardWorkers(HostSettings settings, Executor threads) {
    this(settings, threads, () -> {});
  }

  private ShardWorkers(HostSettings settings, Executor threads, Runnable stop) {
    this.threads = threads;
    this.stop = stop;
    this.checkpoints = new Semaphore(settings.checkpointsAtOnce());
    this.mailboxes = new Mailbox.Budget(settings.mailboxesBytes());
  }

  /** Workers on threads of their own. */
  static ShardWorkers start(HostSettings settings) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            settings.workerThreads(),
            settings.workerThreads(),
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("eddy-shard-writer-", 0).factory());
    pool.allowCoreThreadTimeOut(true);
    return new ShardWorkers(settings, pool, () -> stop(pool, settings.closeTimeout()));
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
