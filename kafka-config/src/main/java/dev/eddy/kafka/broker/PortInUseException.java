package dev.eddy.kafka.broker;

/** Another process listens on the port that the broker was told to use. */
public final class PortInUseException extends BrokerStartException {
  private static final long serialVersionUID = 1L;

  private final int port;

  PortInUseException(String host, int port, Throwable cause) {
    super(
        "kafka port %d on %s is already in use: stop the other process or choose another port"
            .formatted(port, host),
        cause);
    this.port = port;
  }

  /** The port that was asked for. */
  public int port() {
    return port;
  }
}
