package dev.eddy.query.rest;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.limit.Limit;
import dev.eddy.model.limit.Limits;

/**
 * Where and within which limits the REST edge listens.
 *
 * @param port 0 = any free one
 * @param isUsageTold whether answers say what their requests used
 */
public record RestSettings(String host, int port, Limits limits, boolean isUsageTold) {

  public RestSettings {
    requireNonNull(host, "host");
    if (limits.of(Limit.REST_BODIES) < limits.of(Limit.REST_BODY)) {
      throw new IllegalArgumentException(
          "rest-bodies must not be below rest-body, got %d and %d"
              .formatted(limits.of(Limit.REST_BODIES), limits.of(Limit.REST_BODY)));
    }
  }

  /** Answers don't say what their requests used. */
  public RestSettings(String host, int port, Limits limits) {
    this(host, port, limits, false);
  }

  /** The usual limits. */
  public static RestSettings of(String host, int port) {
    return new RestSettings(host, port, Limits.DEFAULT);
  }
}
