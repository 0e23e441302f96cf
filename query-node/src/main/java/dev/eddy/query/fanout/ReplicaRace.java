package dev.eddy.query.fanout;

import dev.eddy.model.shard.ShardException;
import dev.eddy.query.fanout.ReplicaChooser.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call to a shard with several replicas: the best is asked; the next one is asked, too, when
 * the first fails or is slow. The first success wins; a later one is given back to be discarded.
 *
 * <p>For one use by one thread; the attempts run on threads of their own.
 */
final class ReplicaRace<T> {

  private sealed interface Outcome<T> {
    record Success<T>(T value, Candidate by) implements Outcome<T> {}

    record Failure<T>(RuntimeException cause) implements Outcome<T> {}
  }

  /** Who won. */
  record Winner<T>(T value, Candidate by) {}

  private static final int PATIENCE = 10;

  private final Function<Candidate, T> attempt;
  private final Consumer<Winner<T>> discard;
  private final ExecutorService threads;
  private final LinkedBlockingQueue<Outcome<T>> outcomes = new LinkedBlockingQueue<>();
  private final AtomicBoolean isDecided = new AtomicBoolean();
  private final List<Future<?>> running = new ArrayList<>(2);

  ReplicaRace(
      Function<Candidate, T> attempt, Consumer<Winner<T>> discard, ExecutorService threads) {
    this.attempt = attempt;
    this.discard = discard;
    this.threads = threads;
  }

  /**
   * Runs it.
   *
   * @param ranked best first, at least two; no more than two are asked
   * @param hedgeNanos how long the first may take before the second is asked, too
   * @param mayHedge asked once that time is over; when it says no, the second is asked only after
   *     {@value #PATIENCE} times as long
   * @throws ShardException that of the last attempt, when all failed
   */
  Winner<T> run(
      List<Candidate> ranked, long hedgeNanos, BooleanSupplier mayHedge, Deadline deadline) {
    start(ranked.get(0));
    int waitingFor = 1;
    boolean isSecondStarted = false;
    long hedgeInNanos = hedgeNanos;
    try {
      while (true) {
        long patience = deadline.remainingNanos();
        Outcome<T> outcome = poll(isSecondStarted ? patience : Math.min(hedgeInNanos, patience));
        if (outcome instanceof Outcome.Success<T>(T value, Candidate by)) {
          return new Winner<>(value, by);
        }
        if (outcome instanceof Outcome.Failure<T>(RuntimeException cause)) {
          waitingFor--;
          boolean mayRetry = cause instanceof ShardException failure && failure.isRetryable();
          if (!mayRetry || (isSecondStarted && waitingFor == 0)) {
            throw cause;
          }
        } else if (deadline.isPast()) {
          return giveUp();
        } else if (hedgeInNanos == hedgeNanos && !mayHedge.getAsBoolean()) {
          hedgeInNanos = hedgeNanos * PATIENCE;
          continue;
        }
        if (!isSecondStarted) {
          start(ranked.get(1));
          isSecondStarted = true;
          waitingFor++;
        }
      }
    } finally {
      isDecided.set(true);
      running.forEach(future -> future.cancel(true));
    }
  }

  private void start(Candidate candidate) {
    running.add(
        threads.submit(() -> {
          try {
            T value = attempt.apply(candidate);
            if (isDecided.compareAndSet(false, true)) {
              outcomes.add(new Outcome.Success<>(value, candidate));
            } else {
              discard.accept(new Winner<>(value, candidate));
            }
          } catch (RuntimeException e) {
            outcomes.add(new Outcome.Failure<>(e));
          }
        }));
  }

  private @Nullable Outcome<T> poll(long nanos) {
    try {
      return outcomes.poll(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ShardException(ShardException.Reason.TIMEOUT, "cancelled", e);
    }
  }

  private Winner<T> giveUp() {
    if (!isDecided.compareAndSet(false, true)
        && outcomes.poll() instanceof Outcome.Success<T>(T value, Candidate by)) {
      return new Winner<>(value, by);
    }
    throw new ShardException(ShardException.Reason.TIMEOUT, "no replica answered in time");
  }
}
