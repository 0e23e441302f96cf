package dev.eddy.standalone.command;

import picocli.CommandLine.Option;

/** Where clients reach REST and gRPC, and what answers say. */
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

  @Option(
      names = "--tell-usage",
      description =
          "Say in each answer what its request used: bytes compared, read and written, and tokens"
              + " made of texts.")
  private boolean isUsageTold;

  int rest() {
    return rest;
  }

  int grpc() {
    return grpc;
  }

  boolean isUsageTold() {
    return isUsageTold;
  }
}
