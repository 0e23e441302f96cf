package dev.eddy.controller;

import dev.eddy.model.cluster.NodeReport.Role;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One term of office of this node: a thread on which everything is decided, one thing after the
 * other. Waiting for the other nodes happens elsewhere. Safe from any thread.
 *
 * <p>It begins by completing what earlier controllers began, and ends when it is closed or deposed.
 */
final class Term implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Term.class);

  private final Office office;
  private final CollectionChanges changes;
  private final RecordedChanges recorded;
  private final ReadSets readSets;
  private final Confirmations confirmations;
  private final ControllerSettings settings;
  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final AtomicInteger queued = new AtomicInteger();
  private final AtomicBoolean isLookDue = new AtomicBoolean();
  private final Thread thread;
  private volatile boolean isOver;
  private volatile Runnable onEnd = () -> {};

  Term(
      Office office, Logs logs, Members members, Executor background, ControllerSettings settings) {
    this.office = office;
    this.settings = settings;
    this.confirmations = new Confirmations(members, background);
    this.changes =
        new CollectionChanges(office, logs, members, confirmations, background, this::later);
    this.recorded = new RecordedChanges(office, changes);
    this.readSets = new ReadSets(office, logs, members, confirmations, settings.maxLag());
    this.thread = Thread.ofPlatform().daemon().name("eddy-controller").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** What to do when the term has ended. */
  void onEnd(Runnable action) {
    onEnd = action;
  }

  boolean isOver() {
    return isOver;
  }

  /**
   * Queues a change.
   *
   * @return fails with {@link NotLeadingException} if the change was not begun, else with an {@link
   *     EddyException}
   */
  <T> CompletableFuture<T> submit(Function<RecordedChanges, CompletableFuture<T>> change) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    if (queued.incrementAndGet() > settings.queuedMax()) {
      queued.decrementAndGet();
      throw new EddyException(
          ErrorCode.OVERLOADED,
          "%d changes of collections are waiting already".formatted(settings.queuedMax()));
    }
    tasks.add(() -> {
      queued.decrementAndGet();
      begin(change, answer);
    });
    if (isOver) {
      refuseWaiting();
    }
    return answer;
  }

  private <T> void begin(
      Function<RecordedChanges, CompletableFuture<T>> change, CompletableFuture<T> answer) {
    if (isOver || office.isDeposed()) {
      answer.completeExceptionally(new NotLeadingException("this node does not decide any more"));
      return;
    }
    if (answer.isDone()) {
      return; // Whoever asked has given up.
    }
    try {
      change
          .apply(recorded)
          .whenComplete((result, failure) -> {
            if (failure == null) {
              answer.complete(result);
            } else {
              answer.completeExceptionally(translate(failure));
            }
          });
    } catch (RuntimeException e) {
      answer.completeExceptionally(translate(e));
    }
  }

  private static RuntimeException translate(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return switch (cause) {
      case EddyException known -> known;
      case DeposedException deposed ->
          new EddyException(
              ErrorCode.OUTCOME_UNKNOWN,
              "the controller was replaced while it carried the change out",
              deposed);
      default ->
          new EddyException(
              ErrorCode.OUTCOME_UNKNOWN, "the change could not be completed: " + cause, cause);
    };
  }

  /** Something was reported: look at the shards soon. */
  void look() {
    confirmations.check();
    if (isLookDue.compareAndSet(false, true)) {
      later(() -> {});
    }
  }

  private void later(Runnable task) {
    tasks.add(task);
  }

  private void run() {
    try {
      changes.completeUnfinished();
      CompletableFuture<Void> known =
          confirmations.of(office.state().position(), EnumSet.allOf(Role.class));
      // Topics of drops are deleted once everybody knows that they are dropped.
      known.thenRunAsync(changes::collectOrphans, this::later);
      decideUntilOver();
    } catch (DeposedException e) {
      LOG.warn("event=controller_deposed reason=\"{}\"", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("event=controller_failed", e);
    } finally {
      end();
    }
  }

  private void decideUntilOver() {
    Deadline tick = new Deadline(settings.tick());
    Deadline sweep = new Deadline(settings.sweep());
    while (!isOver && !office.isDeposed()) {
      try {
        Runnable task = tasks.poll(tick.restNanos(), TimeUnit.NANOSECONDS);
        if (task != null) {
          task.run();
        }
        if (isLookDue.getAndSet(false) | tick.isDue()) {
          readSets.reconcile();
        }
        if (tick.isDue()) {
          changes.settleDrops();
          changes.resumeBroadcasts();
          tick.restart();
        }
        if (sweep.isDue()) {
          sweep.restart();
          changes.collectOrphans();
          changes.forgetDropped();
        }
      } catch (DeposedException e) {
        throw e;
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        // Kafka did not answer: what is due is still due at the next look.
        LOG.warn("event=controller_step_failed reason=\"{}\"", e.toString(), e);
      }
    }
  }

  private void end() {
    isOver = true;
    confirmations.abandon(
        new EddyException(
            ErrorCode.OUTCOME_UNKNOWN,
            "the controller stepped down before every node had confirmed the change"));
    refuseWaiting();
    onEnd.run();
    LOG.info("event=controller_stepped_down");
  }

  private void refuseWaiting() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOG.debug("event=task_dropped", e);
      }
    }
  }

  @Override
  public void close() {
    isOver = true;
    later(() -> {});
    try {
      if (thread.isAlive()) {
        thread.join(Duration.ofSeconds(2));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A moment that comes round. */
  private static final class Deadline {
    private final long periodNanos;
    private long dueNanos;

    Deadline(Duration period) {
      this.periodNanos = period.toNanos();
      restart();
    }

    void restart() {
      dueNanos = System.nanoTime() + periodNanos;
    }

    long restNanos() {
      return Math.max(0, dueNanos - System.nanoTime());
    }

    boolean isDue() {
      return System.nanoTime() - dueNanos >= 0;
    }
  }
}
