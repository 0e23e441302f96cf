package dev.eddy.index.host;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Runs one step at a time on shared threads: as often as woken, and again while the step says that
 * there is more. Between two steps others get their turn.
 *
 * <p>Threading: {@link #wake} is safe from any thread; steps never overlap, and each sees what the
 * one before wrote.
 */
final class SerialLane {
  private final Executor threads;
  private final BooleanSupplier step;

  /** Wake-ups not yet followed by a step; above 0 = a step is queued or runs. */
  private final AtomicInteger wakeups = new AtomicInteger();

  /**
   * A lane that nobody woke yet.
   *
   * @param step returns whether it wants to go on; must not throw
   */
  SerialLane(Executor threads, BooleanSupplier step) {
    this.threads = threads;
    this.step = step;
  }

  void wake() {
    if (wakeups.getAndIncrement() == 0) {
      threads.execute(this::run);
    }
  }

  private void run() {
    int seen = wakeups.get();
    boolean more = true;
    try {
      more = step.getAsBoolean();
    } finally {
      if (more || wakeups.addAndGet(-seen) != 0) {
        threads.execute(this::run);
      }
    }
  }
}
