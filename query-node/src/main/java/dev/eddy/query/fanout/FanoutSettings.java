package dev.eddy.query.fanout;

import java.time.Duration;

/**
 * How hard to try.
 *
 * @param grace how long to wait for some replica to become usable before giving up
 * @param hedgeAfter how long a replica may take before another one is asked, too
 * @param suspectFor how long a replica that did not answer is asked last
 */
public record FanoutSettings(Duration grace, Duration hedgeAfter, Duration suspectFor) {
  public static final FanoutSettings DEFAULT =
      new FanoutSettings(Duration.ofSeconds(3), Duration.ofMillis(100), Duration.ofSeconds(1));
}
