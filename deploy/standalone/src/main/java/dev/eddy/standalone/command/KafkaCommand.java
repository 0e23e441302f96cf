package dev.eddy.standalone.command;

import dev.eddy.standalone.role.BrokerRole;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code eddy kafka}. */
@Command(
    name = "kafka",
    sortOptions = false,
    description = {
      "Start one embedded Kafka broker alone, for trying out the other roles as processes of their own.",
      "For production use a real cluster of three brokers or more."
    })
final class KafkaCommand implements Callable<Integer> {
  @Mixin private final ProcessOptions process = new ProcessOptions();
  @Mixin private final ListenOptions listen = new ListenOptions();

  @Mixin private final KafkaPortOption kafkaPort = new KafkaPortOption();

  @Override
  public Integer call() throws Exception {
    long startNanos = Running.processStartNanos();
    String advertised = listen.advertised();
    Running.logInto(process.data());
    return Running.untilStopped(
        () -> BrokerRole.start(process.data(), listen.host(), advertised, kafkaPort.port()),
        startNanos,
        Runtime.getRuntime().maxMemory(),
        false);
  }
}
