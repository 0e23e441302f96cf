package dev.eddy.testkit;

import dev.eddy.kafka.client.ClientPresets;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test the shared broker: a parameter of type {@link TestBroker}, or {@link ClientPresets}
 * with a fresh cluster name.
 *
 * <p>Use with {@code @ExtendWith(EmbeddedBrokerExtension.class)}.
 */
public final class EmbeddedBrokerExtension implements ParameterResolver {
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == TestBroker.class || type == ClientPresets.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    TestBroker broker = TestBroker.shared();
    return parameter.getParameter().getType() == TestBroker.class ? broker : broker.freshCluster();
  }
}
