package dev.eddy.index.host;

import java.time.Duration;

/**
 * When something that failed is tried again: later with every failure in a row. Changed by one
 * thread at a time; safe to ask from any.
 */
final class RetryDelay {
  private static final int DOUBLINGS_MAX = 20;

  private final long minNanos;
  private final long maxNanos;
  private volatile int failures;
  private volatile long notBeforeNanos;

  RetryDelay(Duration min, Duration max) {
    this.minNanos = min.toNanos();
    this.maxNanos = max.toNanos();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // One thread at a time counts.
  void failed(long nowNanos) {
    notBeforeNanos = nowNanos + Math.min(maxNanos, minNanos << Math.min(DOUBLINGS_MAX, failures));
    failures++;
  }

  void succeeded() {
    failures = 0;
  }

  /** Failures in a row. */
  int failures() {
    return failures;
  }

  boolean isOver(long nowNanos) {
    return failures == 0 || nowNanos - notBeforeNanos >= 0;
  }
}
