package dev.eddy.index.rpc;

import static java.util.Objects.requireNonNull;

/**
 * Where the internal service listens.
 *
 * @param host address to bind
 * @param port 0 = any free one
 * @param messageBytesMax largest request or response
 */
public record RpcSettings(String host, int port, int messageBytesMax) {
  /** What index nodes listen on unless told otherwise. */
  public static final int PORT_DEFAULT = 6335;

  private static final int MESSAGE_BYTES_MAX = 256 << 20;

  public RpcSettings {
    requireNonNull(host, "host");
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be from 0 to 65535, got " + port);
    }
  }

  public static RpcSettings on(String host, int port) {
    return new RpcSettings(host, port, MESSAGE_BYTES_MAX);
  }
}
