package dev.eddy.standalone.role;

import dev.eddy.kafka.broker.BrokerSettings;
import dev.eddy.kafka.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** The embedded broker alone. */
public final class BrokerRole implements RunningRole {
  private final EmbeddedBroker broker;

  private BrokerRole(EmbeddedBroker broker) {
    this.broker = broker;
  }

  public static BrokerRole start(Path data, String host, String advertised, int port) {
    return new BrokerRole(
        EmbeddedBroker.start(BrokerSettings.of(data.resolve("kafka"), host, advertised, port)));
  }

  @Override
  public String name() {
    return "kafka";
  }

  @Override
  public String addresses() {
    return "Kafka " + broker.bootstrapServers();
  }

  @Override
  public CompletableFuture<Throwable> failure() {
    return broker.failure();
  }

  @Override
  public void close() {
    broker.close();
  }
}
