package dev.eddy.query.grpc;

import static java.util.Objects.requireNonNull;

/**
 * Where and within which limits the gRPC edge listens.
 *
 * @param host address to bind
 * @param port 0 = any free one
 * @param callsMax calls at once; more are refused
 * @param messageBytesMax largest request
 * @param bytesInFlightMax of the messages of all calls together; more requests are refused
 */
public record GrpcSettings(
    String host, int port, int callsMax, int messageBytesMax, long bytesInFlightMax) {
  public static final int PORT_DEFAULT = 6334;

  public GrpcSettings {
    requireNonNull(host, "host");
    if (callsMax < 1 || messageBytesMax < 1 || bytesInFlightMax < messageBytesMax) {
      throw new IllegalArgumentException(
          "limits must be positive and bytes in flight not below those of a message, got %d calls, %d and %d bytes"
              .formatted(callsMax, messageBytesMax, bytesInFlightMax));
    }
  }

  /** 1024 calls at once, 64 MiB per message, 256 MiB of all together. */
  public static GrpcSettings of(String host, int port) {
    return new GrpcSettings(host, port, 1_024, 64 << 20, 256L << 20);
  }
}
