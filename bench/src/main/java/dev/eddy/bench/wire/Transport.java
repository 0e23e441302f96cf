package dev.eddy.bench.wire;

import dev.eddy.bench.server.Server;

/** The transports of the public interface. */
public enum Transport {
  REST,
  GRPC;

  /** This transport to a server. */
  public Wire to(Server server) {
    return switch (this) {
      case REST -> new RestWire(server.restPort());
      case GRPC -> new GrpcWire(server.grpcPort());
    };
  }
}
