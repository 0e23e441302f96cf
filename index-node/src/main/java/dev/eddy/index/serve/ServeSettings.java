package dev.eddy.index.serve;

import dev.eddy.model.limit.Limit;
import java.time.Duration;

/**
 * Limits of answering.
 *
 * @param computeThreads platform threads that search
 * @param computeQueue requests that may wait for one of them; one more is refused as overloaded
 * @param shortSearches that compute on the threads that ask, or wait for their turn to; one more
 *     takes a lane. More than virtual threads have carriers, which bound those that compute
 * @param leasesMax leases kept for second trips at once
 * @param leaseLife how long a kept lease lives, by the monotonic clock
 * @param fetchTimeout of a second trip
 * @param answerBytes of one answer in memory, about; a larger one is refused
 */
public record ServeSettings(
    int computeThreads,
    int computeQueue,
    int shortSearches,
    int leasesMax,
    Duration leaseLife,
    Duration fetchTimeout,
    long answerBytes) {
  private static final int SHORT_SEARCHES_PER_CARRIER = 8;
  private static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";

  public ServeSettings {
    if (computeThreads < 1 || computeQueue < 1 || leasesMax < 1) {
      throw new IllegalArgumentException(
          "threads, queue and leases must be at least 1, got %d, %d, %d"
              .formatted(computeThreads, computeQueue, leasesMax));
    }
    if (shortSearches < 0) {
      throw new IllegalArgumentException("shortSearches must be at least 0, got " + shortSearches);
    }
  }

  /** Defaults for a machine with so many processors. */
  public static ServeSettings defaults(int processors) {
    return new ServeSettings(
        processors,
        1_000,
        SHORT_SEARCHES_PER_CARRIER * Integer.getInteger(CARRIERS, processors),
        4_096,
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        Limit.ANSWER.standard());
  }

  /** The same with other answers. */
  public ServeSettings answering(long otherAnswerBytes) {
    return new ServeSettings(
        computeThreads,
        computeQueue,
        shortSearches,
        leasesMax,
        leaseLife,
        fetchTimeout,
        otherAnswerBytes);
  }
}
