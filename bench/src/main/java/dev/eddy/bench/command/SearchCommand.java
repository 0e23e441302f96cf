package dev.eddy.bench.command;

import dev.eddy.bench.data.VectorSet;
import dev.eddy.bench.server.CollectionAdmin;
import dev.eddy.bench.server.Server;
import dev.eddy.bench.server.ServerOptions;
import dev.eddy.bench.wire.Door;
import dev.eddy.bench.wire.Transport;
import dev.eddy.bench.wire.WireDoor;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code search}. */
@Command(
    name = "search",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Load a set, wait until it is linked, and search it: recall@10 against exact, rate,",
      "latency, and CPU of the server and of this client per query."
    })
final class SearchCommand implements Callable<Integer> {
  static final String NAME = "bench-search";

  @Mixin private final ServerOptions servers = new ServerOptions();
  @Mixin private final SetOptions sets = new SetOptions();
  @Mixin private final ShapeOptions shape = new ShapeOptions();
  @Mixin private final SearchOptions searches = new SearchOptions();

  @Override
  public Integer call() throws Exception {
    VectorSet set = sets.open();
    servers.run(server -> {
      var unused = prepare(server, set, shape.of(set.dimension()));
      searches.run(server, set, NAME);
    });
    return 0;
  }

  /** Makes the collection anew, loads all rows over gRPC and waits until they are linked. */
  static LoadRun.Result prepare(Server server, VectorSet set, CollectionAdmin.Shape shape)
      throws Exception {
    try (Door door = new WireDoor(Transport.GRPC.to(server), NAME, false, 8)) {
      LoadRun.Batches all = new LoadRun.Batches(NAME, set.rows(), BulkLoad.BATCH);
      return LoadRun.run(server, door, set, all, shape);
    }
  }
}
