package dev.eddy.standalone.command;

import picocli.CommandLine.Option;

/** Which Kafka a role works with. */
final class KafkaOption {
  @Option(
      names = "--kafka",
      paramLabel = "HOST:PORT",
      required = true,
      description = "Bootstrap servers of the Kafka cluster, separated by commas.")
  private String bootstrapServers = "";

  String bootstrapServers() {
    return bootstrapServers;
  }
}
