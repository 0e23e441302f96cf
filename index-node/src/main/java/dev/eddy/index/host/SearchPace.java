package dev.eddy.index.host;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long searches of a shard have taken lately, by what makes them alike: a moving average over
 * some sixteen of them. One that took long counts until some thirty others were short. Thread-safe.
 */
public final class SearchPace {
  private static final long SHORT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONG_NANOS = 8 * SHORT_NANOS;
  private static final int WEIGHT = 16;

  private final Map<Kind, AtomicLong> averages = new ConcurrentHashMap<>();

  /**
   * Searches that are alike.
   *
   * @param using name of the vector
   * @param hasWideBeam whether they look at more than the usual number of candidates
   * @param readsPoints whether payloads or vectors of hits are read
   */
  public record Kind(String using, boolean hasWideBeam, boolean readsPoints) {}

  /** Whether they take less than a millisecond, about; false until one was made. */
  public boolean isShort(Kind kind) {
    AtomicLong average = averages.get(kind);
    return average != null && average.get() < SHORT_NANOS;
  }

  /**
   * A search has succeeded.
   *
   * @param kind of a vector that exists
   */
  public void note(Kind kind, long nanos) {
    AtomicLong average = averages.computeIfAbsent(kind, _ -> new AtomicLong(nanos));
    long before = average.get();
    // One of two at once may be lost.
    average.set(nanos >= LONG_NANOS ? LONG_NANOS : before + (nanos - before) / WEIGHT);
  }
}
