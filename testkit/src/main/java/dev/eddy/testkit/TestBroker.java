package dev.eddy.testkit;

import dev.eddy.kafka.broker.BrokerSettings;
import dev.eddy.kafka.broker.EmbeddedBroker;
import dev.eddy.kafka.client.ClientPresets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One embedded broker for all tests of a JVM, on a free port, with its data in {@code target/}; it
 * ends with the JVM.
 *
 * <p>Tests stay apart by cluster name: each takes a fresh one.
 */
public final class TestBroker {
  private static final AtomicInteger CLUSTERS = new AtomicInteger();

  private final EmbeddedBroker broker;

  private TestBroker(EmbeddedBroker broker) {
    this.broker = broker;
  }

  /** The shared broker; started at the first call. */
  public static TestBroker shared() {
    return Holder.BROKER;
  }

  /** Address for clients in this JVM. */
  public String bootstrapServers() {
    return broker.localBootstrapServers();
  }

  /** A cluster name that no other test of this JVM has. */
  public static String freshClusterName() {
    return "t" + CLUSTERS.incrementAndGet();
  }

  /** Client presets with a fresh cluster name. */
  public ClientPresets freshCluster() {
    return new ClientPresets(bootstrapServers(), freshClusterName());
  }

  private static final class Holder {
    static final TestBroker BROKER = new TestBroker(start());

    private static EmbeddedBroker start() {
      try {
        Path folder =
            Files.createTempDirectory(Files.createDirectories(Path.of("target")), "test-broker-");
        EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.onLoopback(folder, 0));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "test-broker-stop"));
        return broker;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
