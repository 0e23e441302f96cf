package dev.eddy.model.limit;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** What each limit is set to. Immutable. */
public final class Limits {
  /** Nothing set, whatever the heap. */
  public static final Limits DEFAULT = new Limits(new EnumMap<>(Limit.class));

  private final Map<Limit, Long> set;

  private Limits(EnumMap<Limit, Long> set) {
    this.set = set;
  }

  /** Nothing set, answers bounded by what the heap has for them. */
  public static Limits ofHeap(long heapBytes) {
    return DEFAULT
        .with(Limit.ANSWER, Math.clamp(heapBytes / 12, 1 << 20, Limit.ANSWER.standard()))
        .with(Limit.ANSWERS, Math.clamp(heapBytes / 6, 1 << 20, Limit.ANSWERS.standard()));
  }

  /**
   * The same with one more set.
   *
   * @throws IllegalArgumentException when it can't be set so, in one sentence for a user
   */
  public Limits with(Limit limit, long value) {
    if (!limit.isSettable()) {
      throw new IllegalArgumentException(
          "%s can't be set, it is always %d".formatted(limit.apiName(), limit.standard()));
    }
    if (value < limit.least() || value > limit.most()) {
      throw new IllegalArgumentException(
          "%s is from %d to %d, got %d"
              .formatted(limit.apiName(), limit.least(), limit.most(), value));
    }
    EnumMap<Limit, Long> more = new EnumMap<>(Limit.class);
    more.putAll(set);
    more.put(limit, value);
    return new Limits(more);
  }

  public long of(Limit limit) {
    return set.getOrDefault(limit, limit.standard());
  }

  /** {@link #of(Limit)} of one that an int holds. */
  public int intOf(Limit limit) {
    return Math.toIntExact(of(limit));
  }

  public Duration timeOf(Limit limit) {
    if (limit.unit() != Limit.Unit.MILLIS) {
      throw new IllegalArgumentException(limit.apiName() + " is no time");
    }
    return Duration.ofMillis(of(limit));
  }

  @Override
  public String toString() {
    return set.toString();
  }
}
