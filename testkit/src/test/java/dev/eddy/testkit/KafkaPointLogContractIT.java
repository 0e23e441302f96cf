package dev.eddy.testkit;

import dev.eddy.kafka.client.ClientPresets;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(EmbeddedBrokerExtension.class)
class KafkaPointLogContractIT extends KafkaPointLogContract {
  KafkaPointLogContractIT(ClientPresets presets) {
    super(presets);
  }
}
