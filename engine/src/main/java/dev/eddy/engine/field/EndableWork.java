package dev.eddy.engine.field;

import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task in the background that writes files, and so must have ended when its index is closed.
 *
 * @param <T> what it makes
 */
final class EndableWork<T> {
  private static final Logger LOG = LoggerFactory.getLogger(EndableWork.class);

  private final Supplier<T> task;
  private final Runnable givingBack;
  private final AtomicBoolean isTaken = new AtomicBoolean();
  private final CompletableFuture<T> work = new CompletableFuture<>();
  private volatile boolean isEnded;

  /**
   * @param givingBack gives back what the task holds: after it, or when it never runs
   */
  EndableWork(Supplier<T> task, Runnable givingBack) {
    this.task = task;
    this.givingBack = givingBack;
  }

  /** Starts it; false when the background takes nothing any more. */
  boolean start(Executor background) {
    try {
      background.execute(this::run);
      return true;
    } catch (RejectedExecutionException closing) {
      givingBack.run();
      return false;
    }
  }

  private void run() {
    if (!isTaken.compareAndSet(false, true)) {
      return;
    }
    try {
      work.complete(made());
    } catch (RuntimeException | Error failed) { // Whoever joins throws it.
      work.completeExceptionally(failed);
    }
  }

  private T made() {
    try {
      return task.get();
    } finally {
      givingBack.run();
    }
  }

  /** To be asked by the task now and then. */
  void throwIfEnded() {
    if (isEnded) {
      throw new CancellationException("the index is closed");
    }
  }

  boolean isDone() {
    return work.isDone();
  }

  /** What was made, once it is done. */
  T join() {
    return work.join();
  }

  /** Ends it, or waits until it has seen that it is to end; what was made none the less. */
  Optional<T> end() {
    isEnded = true;
    if (isTaken.compareAndSet(false, true)) {
      givingBack.run();
      return Optional.empty();
    }
    try {
      return Optional.of(work.join());
    } catch (CompletionException | CancellationException ended) {
      LOG.debug("event=field_index_work_ended", ended);
      return Optional.empty();
    }
  }
}
