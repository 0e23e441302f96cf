package dev.eddy.kafka.broker;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * Where an {@link EmbeddedBroker} stores its data and listens.
 *
 * @param dataFolder the broker's own folder; created if missing, locked while the broker runs. It
 *     keeps the cluster id, so the same folder is the same cluster for ever.
 * @param host address to listen on, for instance {@code 127.0.0.1} or {@code 0.0.0.0}
 * @param advertisedHost name that clients are told to connect to; must be reachable for them, so
 *     not a wildcard address
 * @param port port to listen on, 0 = any free one
 * @param ioThreads request handler threads, 1 to 64
 * @param networkThreads network threads per listener, 1 to 64
 * @param segmentBytes log segment size for topics that do not set their own, 1 MiB to 1 GiB; also
 *     bounds what is re-read per partition after an unclean stop
 */
public record BrokerSettings(
    Path dataFolder,
    String host,
    String advertisedHost,
    int port,
    int ioThreads,
    int networkThreads,
    int segmentBytes) {
  private static final int MIB = 1 << 20;
  private static final int THREADS_MAX = 64;
  private static final int PORT_MAX = 65_535;

  public BrokerSettings {
    requireNonNull(dataFolder, "dataFolder");
    requireText(host, "host");
    requireText(advertisedHost, "advertisedHost");
    if (isWildcard(advertisedHost)) {
      throw new IllegalArgumentException(
          "advertised host %s is a wildcard address: no client can connect to it"
              .formatted(advertisedHost));
    }
    requireRange("port", port, 0, PORT_MAX);
    requireRange("ioThreads", ioThreads, 1, THREADS_MAX);
    requireRange("networkThreads", networkThreads, 1, THREADS_MAX);
    requireRange("segmentBytes", segmentBytes, MIB, 1024 * MIB);
  }

  /** Small settings for one machine: loopback only. */
  public static BrokerSettings onLoopback(Path dataFolder, int port) {
    return of(dataFolder, "127.0.0.1", "127.0.0.1", port);
  }

  /** Settings with the default threads and segment size. */
  public static BrokerSettings of(Path dataFolder, String host, String advertisedHost, int port) {
    return new BrokerSettings(dataFolder, host, advertisedHost, port, 4, 2, 256 * MIB);
  }

  private static boolean isWildcard(String host) {
    return host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]") || host.equals("*");
  }

  private static void requireText(String value, String name) {
    if (requireNonNull(value, name).isBlank()) {
      throw new IllegalArgumentException(name + " is empty");
    }
  }

  private static void requireRange(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s must be in [%d, %d], got %d".formatted(name, min, max, value));
    }
  }
}
