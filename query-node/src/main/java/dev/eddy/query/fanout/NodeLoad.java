package dev.eddy.query.fanout;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What this query node has seen of one index node: calls in flight, a moving average of their time,
 * and whether it lately failed to answer. Safe from any thread.
 */
final class NodeLoad {
  private static final double NEW_SHARE = 0.2;
  private static final double HALF_LIFE_NANOS = 2e9;

  private final LongSupplier nanoClock;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicLong averageNanos = new AtomicLong();
  private volatile long updatedNanos;
  private volatile long suspectUntilNanos;

  NodeLoad(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    updatedNanos = nanoClock.getAsLong();
    suspectUntilNanos = updatedNanos;
  }

  void started() {
    inFlight.incrementAndGet();
  }

  void ended(long tookNanos) {
    inFlight.decrementAndGet();
    averageNanos.updateAndGet(
        old -> old == 0 ? tookNanos : (long) (old + NEW_SHARE * (tookNanos - old)));
    updatedNanos = nanoClock.getAsLong();
  }

  /** The node did not answer a call at all. */
  void suspect(long forNanos) {
    suspectUntilNanos = nanoClock.getAsLong() + forNanos;
  }

  boolean isSuspected() {
    return suspectUntilNanos - nanoClock.getAsLong() > 0;
  }

  /** Expected cost of one more call; an old average fades, so that a slow node is tried again. */
  double cost() {
    double age = nanoClock.getAsLong() - updatedNanos;
    return (inFlight.get() + 1) * (averageNanos.get() * Math.pow(0.5, age / HALF_LIFE_NANOS) + 1);
  }
}
