package dev.eddy.query.fanout;

import java.time.Duration;
import java.util.function.LongSupplier;

/** The moment at which a request's time is up, on a monotonic clock. */
public final class Deadline {
  private final LongSupplier nanoClock;
  private final long atNanos;

  private Deadline(LongSupplier nanoClock, long atNanos) {
    this.nanoClock = nanoClock;
    this.atNanos = atNanos;
  }

  /**
   * That long from now.
   *
   * @param nanoClock monotonic, in nanoseconds
   */
  public static Deadline after(Duration timeout, LongSupplier nanoClock) {
    // A year is for ever; more would overflow.
    long nanos =
        Math.min(timeout.toSeconds(), 31_536_000L) * 1_000_000_000L + timeout.toNanosPart();
    return new Deadline(nanoClock, nanoClock.getAsLong() + nanos);
  }

  /** At least 0. */
  public Duration remaining() {
    return Duration.ofNanos(remainingNanos());
  }

  /** What remains, but not more than the limit. */
  public Duration remainingUpTo(Duration limit) {
    Duration remaining = remaining();
    return remaining.compareTo(limit) < 0 ? remaining : limit;
  }

  /** At least 0. */
  public long remainingNanos() {
    return Math.max(0, atNanos - nanoClock.getAsLong());
  }

  public boolean isPast() {
    return remainingNanos() == 0;
  }
}
