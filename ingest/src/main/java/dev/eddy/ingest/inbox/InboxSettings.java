package dev.eddy.ingest.inbox;

import java.time.Duration;

/**
 * Limits of the pipeline.
 *
 * @param inFlightBytesMax bytes of inbox records per source partition that may wait for their
 *     acknowledgement; above it the partition pauses
 * @param bundleBytes size at which a bundle to one shard is closed
 * @param recordBytesMax largest encoded log record; a point that needs more is refused as too large
 * @param pollTimeout how long one poll waits for records
 * @param commitInterval between two commits of what was delivered
 * @param retryBackoff before a source partition that failed starts again
 * @param brokenChainPatience how long a shard must report a broken chain before it is acted upon
 */
public record InboxSettings(
    long inFlightBytesMax,
    int bundleBytes,
    int recordBytesMax,
    Duration pollTimeout,
    Duration commitInterval,
    Duration retryBackoff,
    Duration brokenChainPatience) {
  public static final InboxSettings DEFAULT =
      new InboxSettings(
          16L << 20,
          256 << 10,
          (16 << 20) - (64 << 10),
          Duration.ofMillis(20),
          Duration.ofMillis(200),
          Duration.ofMillis(100),
          Duration.ofSeconds(2));
}
