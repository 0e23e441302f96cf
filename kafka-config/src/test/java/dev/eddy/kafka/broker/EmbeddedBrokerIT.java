package dev.eddy.kafka.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerIT {
  @TempDir Path folder;

  @Test
  void startsOnAFreePortAndKeepsItsClusterIdAcrossARestart() {
    String clusterId;
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.onLoopback(folder, 0))) {
      assertThat(broker.port()).isPositive();
      clusterId = broker.clusterId();
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.onLoopback(folder, 0))) {
      assertThat(broker.clusterId()).isEqualTo(clusterId);
    }
  }

  @Test
  void aLockedFolderAndAPortInUseAreOneClearSentence() {
    try (EmbeddedBroker broker =
        EmbeddedBroker.start(BrokerSettings.onLoopback(folder.resolve("a"), 0))) {
      assertThatThrownBy(
              () -> EmbeddedBroker.start(BrokerSettings.onLoopback(folder.resolve("a"), 0)))
          .isInstanceOf(DataFolderLockedException.class)
          .hasMessageContaining("is locked by another process");
      assertThatThrownBy(() ->
              EmbeddedBroker.start(BrokerSettings.onLoopback(folder.resolve("b"), broker.port())))
          .isInstanceOf(PortInUseException.class)
          .hasMessageContaining("kafka port " + broker.port() + " on 127.0.0.1 is already in use");
    }
  }
}
