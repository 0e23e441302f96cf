package dev.eddy.standalone.role;

import dev.eddy.kafka.broker.BrokerSettings;
import dev.eddy.kafka.broker.EmbeddedBroker;
import java.nio.file.Path;

/** The embedded broker alone. */
public final class BrokerRole {
  private BrokerRole() {}

  public static RunningRole start(Path data, String host, String advertised, int port) {
    EmbeddedBroker broker =
        EmbeddedBroker.start(BrokerSettings.of(data.resolve("kafka"), host, advertised, port));
    return new RunningRole(
        "kafka", "Kafka " + broker.bootstrapServers(), broker.failure(), broker::close);
  }
}
