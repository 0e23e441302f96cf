package dev.eddy.bench.command;

import dev.eddy.bench.data.VectorSet;
import dev.eddy.bench.measure.OpenLoop;
import dev.eddy.bench.measure.Table;
import dev.eddy.bench.server.CollectionAdmin;
import dev.eddy.bench.server.Server;
import dev.eddy.bench.server.ServerOptions;
import dev.eddy.bench.wire.ConnectionPool;
import dev.eddy.bench.wire.Door;
import dev.eddy.bench.wire.Transport;
import dev.eddy.bench.wire.Wire;
import dev.eddy.bench.wire.WireDoor;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code under-load}. */
@Command(
    name = "under-load",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Searches at a fixed rate in an open loop while the collection is loaded over gRPC as fast as",
      "it goes and linked, against the same rate when all is done. Latencies count from the moment",
      "at which a search was due."
    })
final class UnderLoadCommand implements Callable<Integer> {
  private static final String NAME = "bench-under-load";
  private static final int MOST_SECONDS = 1_800;

  @Mixin private final ServerOptions servers = new ServerOptions();
  @Mixin private final SetOptions sets = new SetOptions();
  @Mixin private final ShapeOptions shape = new ShapeOptions();

  @Option(
      names = "--rate",
      defaultValue = "50",
      description = "Searches per second (default: ${DEFAULT-VALUE}).")
  private int rate = 50;

  @Option(
      names = "--ef",
      defaultValue = "128",
      description = "hnsw_ef of the searches (default: ${DEFAULT-VALUE}).")
  private int ef = 128;

  @Option(
      names = "--over",
      defaultValue = "GRPC",
      description = "Transport of the searches: ${COMPLETION-CANDIDATES} (default: GRPC).")
  private Transport over = Transport.GRPC;

  @Option(
      names = "--seconds",
      defaultValue = "30",
      description = "Steady searches measured afterwards (default: ${DEFAULT-VALUE}).")
  private int seconds = 30;

  @Option(
      names = "--preload",
      paramLabel = "ROWS",
      defaultValue = "0",
      description = "Rows loaded and linked before the searches begin (default: none).")
  private int preloadRows;

  @Option(
      names = "--warm-up-rows",
      defaultValue = "40000",
      description =
          "Rows of a collection that is loaded, searched for 10 s and dropped before"
              + " (default: ${DEFAULT-VALUE}).")
  private int warmUpRows = 40_000;

  @Override
  public Integer call() throws Exception {
    VectorSet set = sets.open();
    servers.run(server -> {
      warmUp(server, set);
      measure(server, set);
    });
    return 0;
  }

  private void warmUp(Server server, VectorSet set) throws Exception {
    int rows = Math.min(warmUpRows, set.rows());
    try (CollectionAdmin admin = new CollectionAdmin(server);
        Door door = new WireDoor(Transport.GRPC.to(server), NAME, false, 8)) {
      admin.drop(NAME);
      admin.create(NAME, shape.of(set.dimension()));
      new BulkLoad(door, set, 0, rows, BulkLoad.BATCH).run();
      admin.awaitLinked(NAME, rows);
      SearchRun searches = new SearchRun(over.to(server), NAME, set, ef);
      var unused = searches.run(2, rows == 0 ? 0 : 10, server.usage());
      admin.drop(NAME);
    }
  }

  private void measure(Server server, VectorSet set) throws Exception {
    Wire wire = over.to(server);
    Wire.Request[] requests = new Wire.Request[set.queries().rows()];
    for (int i = 0; i < requests.length; i++) {
      requests[i] = wire.nearest(NAME, set.queries().row(i), VectorSet.K, ef);
    }
    OpenLoop loop = new OpenLoop(rate);
    try (CollectionAdmin admin = new CollectionAdmin(server);
        Door door = new WireDoor(Transport.GRPC.to(server), NAME, false, 8);
        ConnectionPool pool = new ConnectionPool(wire, 16)) {
      admin.create(NAME, shape.of(set.dimension()));
      if (preloadRows > 0) {
        new BulkLoad(door, set, 0, preloadRows, BulkLoad.BATCH).run();
        admin.awaitLinked(NAME, preloadRows);
      }
      BulkLoad load = new BulkLoad(door, set, preloadRows, set.rows(), BulkLoad.BATCH);
      FutureTask<Double> loading = new FutureTask<>(() -> loadAndLink(load, admin, set.rows()));
      Thread loader = Thread.ofPlatform().name("load").start(loading);
      OpenLoop.Operation search =
          i -> {
            var unused = pool.call(requests[i % requests.length]);
          };
      OpenLoop.Outcome loaded = loop.run(MOST_SECONDS * rate, () -> !loading.isDone(), search);
      loader.join();
      OpenLoop.Outcome steady = loop.run(Duration.ofSeconds(seconds), search);
      print(set, wire, loading.get(), loaded, steady);
    }
  }

  /** Returns the seconds that it took. */
  private static double loadAndLink(BulkLoad load, CollectionAdmin admin, int rows)
      throws Exception {
    long start = System.nanoTime();
    load.run();
    admin.awaitLinked(NAME, rows);
    return (System.nanoTime() - start) / 1e9;
  }

  private void print(
      VectorSet set,
      Wire wire,
      double linkedSeconds,
      OpenLoop.Outcome loaded,
      OpenLoop.Outcome steady) {
    Table table =
        new Table(
            "set",
            "over",
            "searches/s",
            "`hnsw_ef`",
            "phase",
            "seconds",
            "p50 ms",
            "p99 ms",
            "max ms",
            "p50 ratio",
            "p99 ratio",
            "failed");
    table.row(
        set.name(),
        wire.name(),
        rate,
        ef,
        "steady",
        (double) seconds,
        steady.latencies().millis(0.5),
        steady.latencies().millis(0.99),
        steady.latencies().maxMillis(),
        1.0,
        1.0,
        steady.failures());
    table.row(
        set.name(),
        wire.name(),
        rate,
        ef,
        "loading and linking",
        linkedSeconds,
        loaded.latencies().millis(0.5),
        loaded.latencies().millis(0.99),
        loaded.latencies().maxMillis(),
        loaded.latencies().millis(0.5) / steady.latencies().millis(0.5),
        loaded.latencies().millis(0.99) / steady.latencies().millis(0.99),
        loaded.failures());
    if (loaded.firstFailure() != null) {
      System.out.println("first failure while loading: " + loaded.firstFailure());
    }
  }
}
