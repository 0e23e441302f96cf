package dev.eddy.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that stands still until it is told to move; gives wall time and monotonic time from one
 * source. Safe from any thread.
 */
public final class ManualClock implements InstantSource {
  private final Instant start;
  private final AtomicLong elapsedNanos = new AtomicLong();

  public ManualClock(Instant start) {
    this.start = start;
  }

  /** Starts at 2026-01-01T00:00:00Z. */
  public ManualClock() {
    this(Instant.parse("2026-01-01T00:00:00Z"));
  }

  @Override
  public Instant instant() {
    return start.plusNanos(elapsedNanos.get());
  }

  /** Monotonic nanoseconds, as {@code System.nanoTime()} gives them. */
  public long nanos() {
    return elapsedNanos.get();
  }

  /** Moves on; never back. */
  public void advance(Duration step) {
    if (step.isNegative()) {
      throw new IllegalArgumentException("time does not run backwards: " + step);
    }
    elapsedNanos.addAndGet(step.toNanos());
  }
}
