package dev.eddy.controller;

import java.time.Duration;

/**
 * How the controller judges and waits.
 *
 * @param sessionTimeout after which a node that does not answer loses the election; 6 s where the
 *     broker refuses it, which is the least that brokers accept unless told otherwise
 * @param maxLag how far behind a replica may be, in log time, before it leaves the read set
 * @param tick how often placement is looked at without a reason
 * @param sweep how often orphaned topics and forgotten generations are looked for
 * @param queuedMax changes of collections that may wait; more are refused
 */
public record ControllerSettings(
    Duration sessionTimeout, Duration maxLag, Duration tick, Duration sweep, int queuedMax) {
  public static final ControllerSettings DEFAULT =
      new ControllerSettings(
          Duration.ofSeconds(4),
          Duration.ofSeconds(5),
          Duration.ofMillis(250),
          Duration.ofSeconds(60),
          1_024);

  public ControllerSettings {
    if (queuedMax < 1) {
      throw new IllegalArgumentException("queuedMax must be at least 1, got " + queuedMax);
    }
  }
}
