package dev.eddy.kafka.log;

import java.time.Duration;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.Metric;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a tailer looks up whether its topics still exist: every two seconds, and at once
 * when something is odd.
 *
 * <p>Odd is a high rate of fetches. A fetch of a deleted partition is answered without wait and
 * without data, so Kafka's consumer repeats it thousands of times a second and tells nobody. Owned
 * by the tailer's thread.
 */
final class TopicWatch {
  private static final long INTERVAL_NANOS = Duration.ofMillis(200).toNanos();
  private static final long LOOKUP_INTERVAL_NANOS = Duration.ofSeconds(2).toNanos();

  /** In an interval; a partition that is fetched again and again comes to thousands. */
  private static final double FETCHES_MAX = 88;

  private final @Nullable Metric fetchTotal;
  private long nextNanos = System.nanoTime() + INTERVAL_NANOS;
  private long nextLookupNanos = nextNanos;
  private double lastFetchTotal;
  private volatile boolean isSuspicious;

  TopicWatch(KafkaConsumer<byte[], byte[]> consumer) {
    this.fetchTotal =
        consumer.metrics().entrySet().stream()
            .filter(entry ->
                entry.getKey().name().equals("fetch-total") && entry.getKey().tags().size() == 1)
            .map(entry -> (Metric) entry.getValue())
            .findFirst()
            .orElse(null);
  }

  boolean isDue(long nowNanos) {
    if (nowNanos - nextNanos < 0) {
      return false;
    }
    nextNanos = nowNanos + INTERVAL_NANOS;
    return true;
  }

  boolean isLookupDue(long nowNanos, boolean isIdle) {
    boolean isOdd = isFetchRateHigh() || isSuspicious;
    if (isIdle || !(isOdd || nowNanos - nextLookupNanos >= 0)) {
      return false;
    }
    nextLookupNanos = nowNanos + LOOKUP_INTERVAL_NANOS;
    return true;
  }

  private boolean isFetchRateHigh() {
    if (fetchTotal == null || !(fetchTotal.metricValue() instanceof Double total)) {
      return false;
    }
    double fetches = total - lastFetchTotal;
    lastFetchTotal = total;
    return fetches > FETCHES_MAX;
  }

  /** Asks for another look-up at the next occasion. */
  void suspect() {
    isSuspicious = true;
  }

  /** All answers of a look-up are about to be judged. */
  void judged() {
    isSuspicious = false;
  }

  /** Whether the last look-up left a doubt. Safe from any thread. */
  boolean isSuspicious() {
    return isSuspicious;
  }
}
