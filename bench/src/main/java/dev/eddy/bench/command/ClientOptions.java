package dev.eddy.bench.command;

import dev.eddy.bench.wire.Transport;
import java.util.List;
import picocli.CommandLine.Option;

/** Over which transports how many clients ask. */
final class ClientOptions {
  @Option(
      names = "--over",
      split = ",",
      defaultValue = "GRPC,REST",
      description = "Transports: ${COMPLETION-CANDIDATES} (default: both).")
  private List<Transport> transports = List.of();

  @Option(
      names = "--clients",
      split = ",",
      defaultValue = "1,4",
      description = "Connections, one request in flight on each (default: ${DEFAULT-VALUE}).")
  private List<Integer> clients = List.of();

  List<Transport> transports() {
    return transports;
  }

  List<Integer> clients() {
    return clients;
  }
}
