package dev.eddy.query.strict;

import dev.eddy.model.error.EddyException;
import java.util.function.LongSupplier;

/** A bucket of tokens for one collection: full at first, refilled evenly. Thread-safe. */
final class RateLimiter {
  private static final double NANOS_PER_MINUTE = 60e9;

  private final String what;
  private final int perMinute;
  private final LongSupplier nanoClock;
  private double tokens;
  private long countedNanos;

  /**
   * @param what {@code Read} or {@code Write}
   * @param perMinute tokens a minute, which is also what it holds; at least 1
   */
  RateLimiter(String what, int perMinute, LongSupplier nanoClock) {
    this.what = what;
    this.perMinute = perMinute;
    this.nanoClock = nanoClock;
    this.tokens = perMinute;
    this.countedNanos = nanoClock.getAsLong();
  }

  int perMinute() {
    return perMinute;
  }

  /**
   * Takes tokens.
   *
   * @throws EddyException RATE_LIMITED when there are too few now, or could never be enough
   */
  synchronized void take(long wanted) {
    if (wanted > perMinute) {
      throw EddyException.rateLimited(
          "%s rate limit exceeded, request larger than rate limiter capacity, please try to split your request"
              .formatted(what),
          0);
    }
    long now = nanoClock.getAsLong();
    tokens = Math.min(perMinute, tokens + (now - countedNanos) * perMinute / NANOS_PER_MINUTE);
    countedNanos = now;
    if (wanted > tokens) {
      int seconds = (int) Math.ceil((wanted - tokens) * 60 / perMinute);
      throw EddyException.rateLimited(
          "%s rate limit exceeded: Operation requires %d tokens but only %s were available. Retry after %ds"
              .formatted(what, wanted, Math.floor(tokens * 10) / 10, seconds),
          seconds);
    }
    tokens -= wanted;
  }
}
