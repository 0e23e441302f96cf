package dev.eddy.standalone.command;

import dev.eddy.standalone.role.ProcessSettings;
import dev.eddy.standalone.role.Standalone;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code eddy start}. */
@Command(
    name = "start",
    sortOptions = false,
    description = {
      "Start everything in this process: a Kafka broker, the inbox pipeline, an index node and a query node.",
      "Data stays in the --data folder; stop with Ctrl-C or SIGTERM, start again with the same folder."
    })
final class StartCommand implements Callable<Integer> {
  @Mixin private final ProcessOptions process = new ProcessOptions();
  @Mixin private final ListenOptions listen = new ListenOptions();

  @Mixin private final ApiPortOptions api = new ApiPortOptions();

  @Mixin private final KafkaPortOption kafkaPort = new KafkaPortOption();

  @Mixin private final MemoryOption memory = new MemoryOption();

  @Option(
      names = "--exit-when-ready",
      hidden = true,
      description = "For building the start-up cache.")
  private boolean exitWhenReady;

  @Override
  public Integer call() throws Exception {
    long startNanos = Running.processStartNanos();
    ProcessSettings settings =
        process
            .settings(listen, memory.bytes())
            .withShardMemory(memory.shardBytes())
            .withUnlinkedMemory(memory.unlinkedBytes())
            .tellingUsage(api.isUsageTold());
    Running.logInto(process.data());
    Standalone.Ports ports = new Standalone.Ports(api.rest(), api.grpc(), kafkaPort.port());
    return Running.untilStopped(
        () -> Standalone.start(settings, ports), startNanos, memory.bytes(), exitWhenReady);
  }
}
