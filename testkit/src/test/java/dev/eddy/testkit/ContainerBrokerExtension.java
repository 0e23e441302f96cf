package dev.eddy.testkit;

import dev.eddy.kafka.client.ClientPresets;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Gives a test a broker in a container: a parameter of type {@link ClientPresets} with a fresh
 * cluster name. Where there is no Docker the test is skipped and says so. One container per JVM; it
 * is removed when the JVM ends.
 */
final class ContainerBrokerExtension implements ExecutionCondition, ParameterResolver {
  /** The same version as the embedded broker's. */
  private static final DockerImageName IMAGE = DockerImageName.parse("apache/kafka:4.3.1");

  private static final class Holder {
    static final KafkaContainer BROKER = start();

    private static KafkaContainer start() {
      KafkaContainer broker = new KafkaContainer(IMAGE);
      broker.start();
      return broker;
    }
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return DockerClientFactory.instance().isDockerAvailable()
        ? ConditionEvaluationResult.enabled("there is Docker")
        : ConditionEvaluationResult.disabled("skipped: needs Docker, and there is none here");
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == ClientPresets.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return new ClientPresets(Holder.BROKER.getBootstrapServers(), TestBroker.freshClusterName());
  }
}
