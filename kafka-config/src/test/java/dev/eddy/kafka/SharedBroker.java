package dev.eddy.kafka;

import dev.eddy.kafka.broker.BrokerSettings;
import dev.eddy.kafka.broker.EmbeddedBroker;
import dev.eddy.kafka.client.ClientPresets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One broker for all integration tests of this module; each test works in a cluster name of its
 * own.
 */
public final class SharedBroker {
  private static final AtomicInteger CLUSTERS = new AtomicInteger();

  private SharedBroker() {}

  /** Presets for a cluster name that nobody else has used. */
  public static ClientPresets freshCluster() {
    return new ClientPresets(
        Holder.BROKER.localBootstrapServers(), "t" + CLUSTERS.incrementAndGet());
  }

  private static final class Holder {
    static final EmbeddedBroker BROKER = start();

    private static EmbeddedBroker start() {
      try {
        Path folder =
            Files.createTempDirectory(Files.createDirectories(Path.of("target")), "broker-");
        EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.onLoopback(folder, 0));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
        return broker;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
