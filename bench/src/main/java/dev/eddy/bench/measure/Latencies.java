package dev.eddy.bench.measure;

import java.util.Arrays;
import java.util.Locale;

/** Durations of one run, in nanoseconds. Immutable. */
public final class Latencies {
  private final long[] sortedNanos;

  /** Copies the durations; at least one. */
  public Latencies(long[] nanos) {
    if (nanos.length == 0) {
      throw new IllegalArgumentException("no durations: nothing was measured");
    }
    sortedNanos = nanos.clone();
    Arrays.sort(sortedNanos);
  }

  /** Milliseconds that this share of the durations, in [0, 1], does not exceed. */
  public double millis(double quantile) {
    int rank = (int) Math.ceil(quantile * sortedNanos.length) - 1;
    return sortedNanos[Math.clamp(rank, 0, sortedNanos.length - 1)] / 1e6;
  }

  /** The longest, in milliseconds. */
  public double maxMillis() {
    return millis(1);
  }

  /** How many durations there are. */
  public int count() {
    return sortedNanos.length;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "p50 %.2f ms, p99 %.2f ms, max %.2f ms",
        millis(0.5),
        millis(0.99),
        maxMillis());
  }
}
