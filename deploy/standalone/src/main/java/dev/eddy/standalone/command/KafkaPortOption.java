package dev.eddy.standalone.command;

import picocli.CommandLine.Option;

/** Where the embedded broker listens. */
final class KafkaPortOption {
  @Option(
      names = "--kafka-port",
      paramLabel = "PORT",
      defaultValue = "9092",
      description = "Kafka (default: ${DEFAULT-VALUE}).")
  private int port;

  int port() {
    return port;
  }
}
