package dev.eddy.standalone.command;

import picocli.CommandLine.Option;

/** Where clients reach REST and gRPC. */
final class ApiPortOptions {
  @Option(
      names = "--rest-port",
      paramLabel = "PORT",
      defaultValue = "6333",
      description = "REST (default: ${DEFAULT-VALUE}).")
  private int rest;

  @Option(
      names = "--grpc-port",
      paramLabel = "PORT",
      defaultValue = "6334",
      description = "gRPC (default: ${DEFAULT-VALUE}).")
  private int grpc;

  int rest() {
    return rest;
  }

  int grpc() {
    return grpc;
  }
}
