package dev.eddy.kafka.log;

import java.time.Duration;

/**
 * Timing of a {@link KafkaPointLogTailer}.
 *
 * @param role part of the client id and of the thread's name
 * @param fetchMaxWait how long a fetch without data waits at the broker: a newly assigned partition
 *     waits at most this long for its first fetch, and an idle node sends one request in this time
 */
public record TailerSettings(String role, Duration fetchMaxWait) {
  /** 20 ms: fifty small requests a second when idle. */
  public static TailerSettings of(String role) {
    return new TailerSettings(role, Duration.ofMillis(20));
  }
}
