package dev.eddy.standalone.command;

import dev.eddy.standalone.role.ProcessSettings;
import dev.eddy.standalone.role.QueryRole;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code eddy query-node}. */
@Command(
    name = "query-node",
    sortOptions = false,
    description = {
      "Start a query node: REST and gRPC for clients, and a candidate for controller.",
      "It keeps no points; start as many as the load needs."
    })
final class QueryNodeCommand implements Callable<Integer> {
  @Mixin private final KafkaOption kafka = new KafkaOption();
  @Mixin private final ProcessOptions process = new ProcessOptions();
  @Mixin private final ListenOptions listen = new ListenOptions();

  @Mixin private final ApiPortOptions api = new ApiPortOptions();

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "6337",
      description = "Other query nodes (default: ${DEFAULT-VALUE}).")
  private int peerPort;

  @Override
  public Integer call() throws Exception {
    long startNanos = Running.processStartNanos();
    long memory = Runtime.getRuntime().maxMemory();
    ProcessSettings settings = process.settings(listen, memory).tellingUsage(api.isUsageTold());
    Running.logInto(process.data());
    QueryRole.Ports ports = new QueryRole.Ports(api.rest(), api.grpc(), peerPort);
    return Running.untilStopped(
        () -> QueryRole.startProcess(settings, kafka.bootstrapServers(), ports),
        startNanos,
        memory,
        false);
  }
}
