package dev.eddy.standalone.command;

import dev.eddy.standalone.role.IngestRole;
import dev.eddy.standalone.role.ProcessSettings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code eddy ingest}. */
@Command(
    name = "ingest",
    sortOptions = false,
    description = {
      "Start the inbox pipeline: it takes what Kafka producers write to the topic <cluster>.points",
      "into the logs of the collections. Several of them share the inbox's partitions."
    })
final class IngestCommand implements Callable<Integer> {
  @Mixin private final KafkaOption kafka = new KafkaOption();
  @Mixin private final ProcessOptions process = new ProcessOptions();

  @Override
  public Integer call() throws Exception {
    long startNanos = Running.processStartNanos();
    Running.logInto(process.data());
    long memory = Runtime.getRuntime().maxMemory();
    ProcessSettings settings = process.settings(memory);
    return Running.untilStopped(
        () -> IngestRole.startProcess(settings, kafka.bootstrapServers()),
        startNanos,
        memory,
        false);
  }
}
