package dev.eddy.index.serve;

import dev.eddy.model.limit.Limit;
import java.time.Duration;

/**
 * Limits of answering.
 *
 * @param computeThreads platform threads that search
 * @param computeQueue requests that may wait for one of them; one more is refused as overloaded
 * @param leasesMax leases kept for second trips at once
 * @param leaseLife how long a kept lease lives, by the monotonic clock
 * @param fetchTimeout of a second trip
 * @param answerBytes of one answer in memory, about; a larger one is refused
 */
public record ServeSettings(
    int computeThreads,
    int computeQueue,
    int leasesMax,
    Duration leaseLife,
    Duration fetchTimeout,
    long answerBytes) {
  public ServeSettings {
    if (computeThreads < 1 || computeQueue < 1 || leasesMax < 1) {
      throw new IllegalArgumentException(
          "threads, queue and leases must be at least 1, got %d, %d, %d"
              .formatted(computeThreads, computeQueue, leasesMax));
    }
  }

  /** Defaults for a machine with so many processors. */
  public static ServeSettings defaults(int processors) {
    return new ServeSettings(
        processors,
        1_000,
        4_096,
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        Limit.ANSWER.standard());
  }

  /** The same with other answers. */
  public ServeSettings answering(long otherAnswerBytes) {
    return new ServeSettings(
        computeThreads, computeQueue, leasesMax, leaseLife, fetchTimeout, otherAnswerBytes);
  }
}
