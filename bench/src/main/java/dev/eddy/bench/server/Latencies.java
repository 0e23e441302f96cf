package dev.eddy.bench.server;

import java.util.Arrays;
import java.util.Locale;

/** Durations of one run, in nanoseconds. */
final class Latencies {
  private final long[] nanos;

  Latencies(long[] nanos) {
    this.nanos = nanos.clone();
    Arrays.sort(this.nanos);
  }

  double millis(double quantile) {
    return nanos[(int) Math.min(nanos.length - 1, Math.floor(quantile * nanos.length))] / 1e6;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "p50 %.2f ms  p99 %.2f ms  max %.2f ms",
        millis(0.5),
        millis(0.99),
        nanos[nanos.length - 1] / 1e6);
  }
}
