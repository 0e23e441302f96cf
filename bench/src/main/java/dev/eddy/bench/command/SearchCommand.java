package dev.eddy.bench.command;

import dev.eddy.bench.data.VectorSet;
import dev.eddy.bench.server.CollectionAdmin;
import dev.eddy.bench.server.Server;
import dev.eddy.bench.server.ServerOptions;
import dev.eddy.bench.server.TemporaryFolder;
import dev.eddy.bench.wire.Door;
import dev.eddy.bench.wire.Transport;
import dev.eddy.bench.wire.WireDoor;
import dev.eddy.engine.graph.GraphParams;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code search}. */
@Command(
    name = "search",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Load a set, wait until it is linked, and search it: recall@10 against exact, rate,",
      "latency, and CPU of the server and of this client per query; then a library with the same m",
      "and ef_construct, one thread in a process of its own, where --beside names one."
    })
final class SearchCommand implements Callable<Integer> {
  static final String NAME = "bench-search";

  @Mixin private final ServerOptions servers = new ServerOptions();
  @Mixin private final SetOptions sets = new SetOptions();
  @Mixin private final ShapeOptions shape = new ShapeOptions();
  @Mixin private final SearchOptions searches = new SearchOptions();

  @Option(
      names = "--beside",
      description = "A library to search after it: ${COMPLETION-CANDIDATES} (default: none).")
  private @Nullable Peer peer;

  @Override
  public Integer call() throws Exception {
    VectorSet set = sets.open();
    CollectionAdmin.Shape wanted = shape.of(set.dimension());
    Peer known = peer;
    servers.run(server -> {
      var unused = prepare(server, set, wanted);
      if (known == null) {
        searches.run(server, set, NAME, Optional.empty());
        return;
      }
      GraphParams params = new GraphParams(wanted.m(), wanted.efConstruct());
      int threads = Runtime.getRuntime().availableProcessors();
      try (TemporaryFolder folder = new TemporaryFolder();
          GraphSide beside = new PeerSide(known, set, params, threads, folder.path())) {
        System.out.printf("%s built in %.1f s%n%n", known, beside.build());
        searches.run(server, set, NAME, Optional.of(beside));
      }
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
