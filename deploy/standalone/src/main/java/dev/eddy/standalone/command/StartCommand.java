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

  @Option(
      names = "--rest-port",
      paramLabel = "PORT",
      defaultValue = "6333",
      description = "REST (default: ${DEFAULT-VALUE}).")
  private int restPort;

  @Option(
      names = "--grpc-port",
      paramLabel = "PORT",
      defaultValue = "6334",
      description = "gRPC (default: ${DEFAULT-VALUE}).")
  private int grpcPort;

  @Option(
      names = "--kafka-port",
      paramLabel = "PORT",
      defaultValue = "9092",
      description = "Kafka (default: ${DEFAULT-VALUE}).")
  private int kafkaPort;

  @Mixin private final MemoryOption memory = new MemoryOption();

  @Option(
      names = "--exit-when-ready",
      hidden = true,
      description = "For building the start-up cache.")
  private boolean exitWhenReady;

  @Override
  public Integer call() throws Exception {
    long startNanos = Running.processStartNanos();
    Running.logInto(process.data());
    ProcessSettings settings =
        new ProcessSettings(
            process.data(), process.cluster(), listen.host(), listen.advertised(), memory.bytes());
    Standalone.Ports ports = new Standalone.Ports(restPort, grpcPort, kafkaPort);
    return Running.untilStopped(
        () -> Standalone.start(settings, ports), startNanos, memory.bytes(), exitWhenReady);
  }
}
