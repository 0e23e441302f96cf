package dev.eddy.query.metrics;

import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** Count, sum, extremes and buckets of the durations of one series. Safe from any thread. */
final class ResponseStat {
  /** Upper bounds in seconds; a last bucket takes the rest. */
  static final double[] BOUNDS_SECONDS = {
    0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10
  };

  private final LongAdder[] buckets = new LongAdder[BOUNDS_SECONDS.length + 1];
  private final LongAdder sumNanos = new LongAdder();
  private final LongAccumulator minNanos = new LongAccumulator(Math::min, Long.MAX_VALUE);
  private final LongAccumulator maxNanos = new LongAccumulator(Math::max, 0);
  private final LongAccumulator lastMillis = new LongAccumulator(Math::max, 0);

  ResponseStat() {
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = new LongAdder();
    }
  }

  void add(long nanos) {
    int bucket = 0;
    while (bucket < BOUNDS_SECONDS.length && nanos > BOUNDS_SECONDS[bucket] * 1e9) {
      bucket++;
    }
    buckets[bucket].increment();
    sumNanos.add(nanos);
    minNanos.accumulate(nanos);
    maxNanos.accumulate(nanos);
    lastMillis.accumulate(System.currentTimeMillis());
  }

  /** What was added so far. */
  @SuppressWarnings("ArrayRecordComponent") // Short-lived, compared by nobody.
  record Sum(long[] buckets, long sumNanos, long minNanos, long maxNanos, long lastMillis) {
    long count() {
      long count = 0;
      for (long bucket : buckets) {
        count += bucket;
      }
      return count;
    }

    Sum plus(Sum other) {
      long[] both = buckets.clone();
      for (int i = 0; i < both.length; i++) {
        both[i] += other.buckets[i];
      }
      return new Sum(
          both,
          sumNanos + other.sumNanos,
          Math.min(minNanos, other.minNanos),
          Math.max(maxNanos, other.maxNanos),
          Math.max(lastMillis, other.lastMillis));
    }
  }

  Sum sum() {
    long[] counts = new long[buckets.length];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = buckets[i].sum();
    }
    return new Sum(counts, sumNanos.sum(), minNanos.get(), maxNanos.get(), lastMillis.get());
  }
}
