package dev.eddy.testkit;

import dev.eddy.kafka.client.ClientPresets;
import org.junit.jupiter.api.extension.ExtendWith;

/** The same on the broker that others run: the official image, as it comes. */
@ExtendWith(ContainerBrokerExtension.class)
class ContainerPointLogContractIT extends KafkaPointLogContract {
  ContainerPointLogContractIT(ClientPresets presets) {
    super(presets);
  }
}
