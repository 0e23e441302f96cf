package dev.eddy.bench.measure;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts operations at a fixed rate, however long each takes, and times each from the moment at
 * which it was due. So a stall of the server counts for every operation that was due meanwhile, and
 * so does a client that comes late.
 */
public final class OpenLoop {
  private final int perSecond;

  /** An operation, run on its own virtual thread. */
  @FunctionalInterface
  public interface Operation {
    /** Runs the operation of this number; an exception counts as a failure. */
    void run(int number) throws Exception;
  }

  /**
   * What came of it.
   *
   * @param latencies from due to done, failures included
   * @param failures operations that threw
   * @param firstFailure the first exception, null when none
   */
  public record Outcome(Latencies latencies, int failures, @Nullable Exception firstFailure) {}

  /** Operations per second, at least 1. */
  public OpenLoop(int perSecond) {
    if (perSecond < 1) {
      throw new IllegalArgumentException("rate must be at least 1/s, got " + perSecond);
    }
    this.perSecond = perSecond;
  }

  /** Runs for this long and waits for what was started. */
  public Outcome run(Duration duration, Operation operation) throws InterruptedException {
    int count = Math.max(1, (int) (duration.toMillis() * perSecond / 1000));
    return run(count, () -> true, operation);
  }

  /** Runs while the condition holds, at most the given number, and waits for what was started. */
  public Outcome run(int most, BooleanSupplier goOn, Operation operation)
      throws InterruptedException {
    long[] nanos = new long[most];
    AtomicInteger failures = new AtomicInteger();
    AtomicReference<@Nullable Exception> first = new AtomicReference<>();
    long start = System.nanoTime();
    int started = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (; started < most && (started == 0 || goOn.getAsBoolean()); started++) {
        int number = started;
        long due = start + number * 1_000_000_000L / perSecond;
        awaitNanos(due);
        threads.execute(() -> {
          try {
            operation.run(number);
          } catch (Exception e) {
            failures.incrementAndGet();
            first.compareAndSet(null, e);
          }
          nanos[number] = System.nanoTime() - due;
        });
      }
    }
    return new Outcome(new Latencies(Arrays.copyOf(nanos, started)), failures.get(), first.get());
  }

  private static void awaitNanos(long due) throws InterruptedException {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }
}
