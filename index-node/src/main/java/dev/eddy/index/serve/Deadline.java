package dev.eddy.index.serve;

import java.time.Duration;
import java.util.function.LongSupplier;

/** The end of one request's time, by the monotonic clock. */
record Deadline(long atNanos, LongSupplier nanoClock) {
  /** Longer timeouts make no difference to anybody. */
  private static final Duration LONGEST = Duration.ofDays(1);

  static Deadline in(Duration timeout, LongSupplier nanoClock) {
    Duration bounded = timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout;
    return new Deadline(nanoClock.getAsLong() + bounded.toNanos(), nanoClock);
  }

  /** What is left, not below zero. */
  Duration left() {
    return Duration.ofNanos(Math.max(0, atNanos - nanoClock.getAsLong()));
  }

  boolean isOver() {
    return atNanos - nanoClock.getAsLong() <= 0;
  }
}
