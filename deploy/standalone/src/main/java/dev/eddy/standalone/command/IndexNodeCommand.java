package dev.eddy.standalone.command;

import dev.eddy.standalone.role.IndexRole;
import dev.eddy.standalone.role.ProcessSettings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code eddy index-node}. */
@Command(
    name = "index-node",
    sortOptions = false,
    description = {
      "Start an index node: it hosts the shards that the controller places on it.",
      "Its data folder is its identity: keep it, and the node comes back with its shards."
    })
final class IndexNodeCommand implements Callable<Integer> {
  @Mixin private final KafkaOption kafka = new KafkaOption();
  @Mixin private final ProcessOptions process = new ProcessOptions();
  @Mixin private final ListenOptions listen = new ListenOptions();

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "6335",
      description = "Internal shard service (default: ${DEFAULT-VALUE}).")
  private int port;

  @Mixin private final MemoryOption memory = new MemoryOption();

  @Override
  public Integer call() throws Exception {
    long startNanos = Running.processStartNanos();
    ProcessSettings settings =
        process
            .settings(listen, memory.bytes())
            .withShardMemory(memory.shardBytes())
            .withUnlinkedMemory(memory.unlinkedBytes());
    Running.logInto(process.data());
    return Running.untilStopped(
        () -> IndexRole.startProcess(settings, kafka.bootstrapServers(), port),
        startNanos,
        memory.bytes(),
        false);
  }
}
