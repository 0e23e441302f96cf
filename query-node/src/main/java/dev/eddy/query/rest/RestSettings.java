package dev.eddy.query.rest;

import java.time.Duration;

/**
 * Limits and addresses of the REST edge.
 *
 * @param port 0 = any free one
 * @param maxBodyBytes of one request, after decompression
 * @param maxConcurrentRequests handled at once; one more is told to come again
 * @param maxBodyBytesInFlight of all requests being handled together
 * @param idleTimeout after which a silent connection is closed
 * @param readTimeout how long a request may pause in its middle
 */
public record RestSettings(
    String host,
    int port,
    long maxBodyBytes,
    int maxConcurrentRequests,
    long maxBodyBytesInFlight,
    Duration idleTimeout,
    Duration readTimeout) {
  public static final long MAX_BODY_BYTES_DEFAULT = 32L << 20;

  public RestSettings {
    if (maxBodyBytes < 1 || maxBodyBytesInFlight < maxBodyBytes || maxConcurrentRequests < 1) {
      throw new IllegalArgumentException(
          "maxBodyBytes %d and maxConcurrentRequests %d are at least 1, and maxBodyBytesInFlight %d at least maxBodyBytes"
              .formatted(maxBodyBytes, maxConcurrentRequests, maxBodyBytesInFlight));
    }
  }

  /** The usual limits. */
  public static RestSettings of(String host, int port) {
    return new RestSettings(
        host,
        port,
        MAX_BODY_BYTES_DEFAULT,
        512,
        8 * MAX_BODY_BYTES_DEFAULT,
        Duration.ofMinutes(5),
        Duration.ofSeconds(30));
  }
}
