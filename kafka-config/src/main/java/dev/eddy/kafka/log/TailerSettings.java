package dev.eddy.kafka.log;

import java.time.Duration;

/**
 * Timing of a {@link KafkaPointLogTailer}.
 *
 * @param role part of the client ids and of the threads' names
 * @param livelyWait how long a fetch without data waits at the broker for partitions that are new
 *     or read often: a newly assigned partition waits at most this long for its first fetch
 * @param restingWait the same for the other ones; a fetch ends as soon as there is data, so only
 *     how often a quiet node asks depends on it, and each time the broker looks at every partition
 * @param quiet after so long without data a partition rests
 * @param overlap how long both readers read a partition that goes from one to the other, so that
 *     none of its records waits for a fetch that it is not yet part of
 */
public record TailerSettings(
    String role, Duration livelyWait, Duration restingWait, Duration quiet, Duration overlap) {
  /** 20 ms for lively and half a second for resting partitions, which are quiet for three. */
  public static TailerSettings of(String role) {
    return new TailerSettings(
        role,
        Duration.ofMillis(20),
        Duration.ofMillis(500),
        Duration.ofSeconds(3),
        Duration.ofSeconds(2));
  }
}
