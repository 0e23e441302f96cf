package dev.eddy.index.host;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long searches of a shard by each of its vectors have taken lately: a moving average over some
 * sixteen of them. Thread-safe.
 */
public final class SearchPace {
  private static final long SHORT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** One that the machine held up says little about the next. */
  private static final long COUNTED_MAX_NANOS = 8 * SHORT_NANOS;

  private static final int WEIGHT = 16;

  private final Map<String, AtomicLong> averages = new ConcurrentHashMap<>();

  /**
   * Whether they take less than a millisecond, about; false until one was made.
   *
   * @param using name of the vector
   */
  public boolean isShort(String using) {
    AtomicLong average = averages.get(using);
    return average != null && average.get() < SHORT_NANOS;
  }

  /**
   * A search has succeeded.
   *
   * @param using name of a vector that exists
   */
  public void note(String using, long nanos) {
    long counted = Math.min(nanos, COUNTED_MAX_NANOS);
    AtomicLong average = averages.get(using);
    if (average == null) {
      averages.put(using, new AtomicLong(counted));
    } else {
      long before = average.get();
      average.set(before + (counted - before) / WEIGHT); // One of two at once may be lost.
    }
  }
}
