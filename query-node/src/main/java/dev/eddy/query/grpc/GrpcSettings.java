package dev.eddy.query.grpc;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.limit.Limit;
import dev.eddy.model.limit.Limits;

/**
 * Where and within which limits the gRPC edge listens.
 *
 * @param host address to bind
 * @param port 0 = any free one
 * @param isUsageTold whether answers say what their requests used
 */
public record GrpcSettings(String host, int port, Limits limits, boolean isUsageTold) {
  public static final int PORT_DEFAULT = 6334;

  public GrpcSettings {
    requireNonNull(host, "host");
    if (limits.of(Limit.GRPC_MESSAGES) < limits.of(Limit.GRPC_MESSAGE)) {
      throw new IllegalArgumentException(
          "grpc-messages must not be below grpc-message, got %d and %d"
              .formatted(limits.of(Limit.GRPC_MESSAGES), limits.of(Limit.GRPC_MESSAGE)));
    }
  }

  /** Answers don't say what their requests used. */
  public GrpcSettings(String host, int port, Limits limits) {
    this(host, port, limits, false);
  }

  /** The usual limits. */
  public static GrpcSettings of(String host, int port) {
    return new GrpcSettings(host, port, Limits.DEFAULT);
  }
}
