package dev.eddy.bench.command;

import dev.eddy.bench.data.VectorSet;
import dev.eddy.bench.measure.Table;
import dev.eddy.bench.server.Server;
import dev.eddy.bench.server.ServerOptions;
import dev.eddy.bench.wire.Door;
import dev.eddy.bench.wire.Inbox;
import dev.eddy.bench.wire.InboxDoor;
import dev.eddy.bench.wire.Transport;
import dev.eddy.bench.wire.WireDoor;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code load}. */
@Command(
    name = "load",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Load a set through REST, gRPC and the inbox: until acknowledged, searchable and linked.",
      "Rates count from the first request. The client's bodies are encoded before the clock starts."
    })
final class LoadCommand implements Callable<Integer> {
  private static final String NAME = "bench-load";

  @Mixin private final ServerOptions servers = new ServerOptions();
  @Mixin private final SetOptions sets = new SetOptions();
  @Mixin private final ShapeOptions shape = new ShapeOptions();

  /** The ways in. */
  enum Via {
    REST,
    GRPC,
    INBOX
  }

  @Option(
      names = "--via",
      split = ",",
      defaultValue = "REST,GRPC,INBOX",
      description = "Ways in, one row each: ${COMPLETION-CANDIDATES} (default: all).")
  private List<Via> ways = List.of();

  @Option(names = "--wait", description = "REST and gRPC answer when a batch is searchable.")
  private boolean isWaiting;

  @Option(
      names = "--batch",
      defaultValue = "256",
      description = "Points per request (default: ${DEFAULT-VALUE}).")
  private int batchRows = BulkLoad.BATCH;

  @Option(
      names = "--connections",
      defaultValue = "8",
      description = "Connections, one request in flight on each (default: ${DEFAULT-VALUE}).")
  private int connections = 8;

  @Option(
      names = "--compression",
      defaultValue = "none",
      description = "Of the inbox's producer: none, lz4, zstd (default: ${DEFAULT-VALUE}).")
  private String compression = "none";

  @Option(
      names = "--warm-up-rows",
      defaultValue = "40000",
      description =
          "Rows loaded before through the same way into a collection that is dropped again, so that"
              + " the server's code is compiled; 0 = none (default: ${DEFAULT-VALUE}).")
  private int warmUpRows = 40_000;

  @Option(names = "--by-thread", description = "Print the server's CPU by thread name, too.")
  private boolean isByThread;

  @Override
  public Integer call() throws Exception {
    VectorSet set = sets.open();
    servers.run(server -> load(server, set));
    return 0;
  }

  private Door open(Via via, Server server) throws IOException {
    return switch (via) {
      case REST -> new WireDoor(Transport.REST.to(server), NAME, isWaiting, connections);
      case GRPC -> new WireDoor(Transport.GRPC.to(server), NAME, isWaiting, connections);
      case INBOX -> new InboxDoor(new Inbox(server.kafkaPort(), compression, 5), NAME);
    };
  }

  private void load(Server server, VectorSet set) throws Exception {
    Table table = LoadRun.table();
    for (Via via : ways) {
      if (warmUpRows > 0) {
        var unused = loadOnce(server, set, via, Math.min(warmUpRows, set.rows()));
      }
      LoadRun.Result result = loadOnce(server, set, via, set.rows());
      LoadRun.print(table, set, result);
      if (isByThread) {
        System.out.println("server us/point by thread: " + result.byThread());
      }
    }
  }

  private LoadRun.Result loadOnce(Server server, VectorSet set, Via via, int rows)
      throws Exception {
    try (Door door = open(via, server)) {
      return LoadRun.run(
          server, door, set, new LoadRun.Batches(NAME, rows, batchRows), shape.of(set.dimension()));
    }
  }
}
