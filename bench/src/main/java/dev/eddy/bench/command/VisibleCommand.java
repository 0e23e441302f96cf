package dev.eddy.bench.command;

import dev.eddy.bench.data.VectorSet;
import dev.eddy.bench.measure.CpuMeter;
import dev.eddy.bench.measure.OpenLoop;
import dev.eddy.bench.measure.Table;
import dev.eddy.bench.server.CollectionAdmin;
import dev.eddy.bench.server.Server;
import dev.eddy.bench.server.ServerOptions;
import dev.eddy.bench.wire.ConnectionPool;
import dev.eddy.bench.wire.Door;
import dev.eddy.bench.wire.Inbox;
import dev.eddy.bench.wire.Transport;
import dev.eddy.bench.wire.Wire;
import dev.eddy.bench.wire.WireDoor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code visible}. */
@Command(
    name = "visible",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "How long a single new point takes to become searchable, at a fixed rate in an open loop:",
      "each latency counts from the moment at which the write was due, so stalls count in full.",
      "REST and GRPC write with wait=true. INBOX produces records; every 20th is watched by one",
      "reader that asks for all awaited ids again and again: a latency ends when an answer shows the",
      "point, so it is too long by up to one round of that reader, which is printed as well."
    })
final class VisibleCommand implements Callable<Integer> {
  private static final String NAME = "bench-visible";
  private static final int WATCHED_EVERY = 20;

  @Mixin private final ServerOptions servers = new ServerOptions();
  @Mixin private final SetOptions sets = new SetOptions();
  @Mixin private final ShapeOptions shape = new ShapeOptions();

  @Option(
      names = "--via",
      split = ",",
      defaultValue = "GRPC,REST,INBOX",
      description = "Ways in, one row each: ${COMPLETION-CANDIDATES} (default: all).")
  private List<LoadCommand.Via> ways = List.of();

  @Option(
      names = "--rate",
      defaultValue = "2000",
      description = "Points per second (default: ${DEFAULT-VALUE}).")
  private int rate = 2_000;

  @Option(
      names = "--seconds",
      defaultValue = "75",
      description = "Measured; above 60 a checkpoint falls into it (default: ${DEFAULT-VALUE}).")
  private int seconds = 75;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "45",
      description = {
        "At the same rate, not measured; two slow cores compile for so long",
        "(default: ${DEFAULT-VALUE})."
      })
  private int warmUpSeconds = 45;

  @Option(
      names = "--connections",
      defaultValue = "16",
      description = "Connections of REST and gRPC (default: ${DEFAULT-VALUE}).")
  private int connections = 16;

  @Option(names = "--by-thread", description = "Print the server's CPU by thread name, too.")
  private boolean isByThread;

  private final Table table =
      new Table(
          "via",
          "points before",
          "rate/s",
          "seconds",
          "p50 ms",
          "p99 ms",
          "p99.9 ms",
          "max ms",
          "failed",
          "server us/write",
          "client us/write",
          "reader's round p50 / max ms");

  @Override
  public Integer call() throws Exception {
    VectorSet set = sets.open();
    servers.run(server -> {
      try (CollectionAdmin admin = new CollectionAdmin(server)) {
        for (LoadCommand.Via via : ways) {
          fill(server, set, admin);
          switch (via) {
            case REST -> writes(server, set, Transport.REST);
            case GRPC -> writes(server, set, Transport.GRPC);
            case INBOX -> inbox(server, set, admin);
          }
        }
      }
    });
    return 0;
  }

  /** All rows of the set, linked, so that new points meet a graph of its size. */
  private void fill(Server server, VectorSet set, CollectionAdmin admin) throws Exception {
    admin.drop(NAME);
    admin.create(NAME, shape.of(set.dimension()));
    try (Door door = new WireDoor(Transport.GRPC.to(server), NAME, false, 8)) {
      new BulkLoad(door, set, 0, set.rows(), BulkLoad.BATCH).run();
    }
    admin.awaitSearchable(NAME, set.rows());
    if (shape.m() > 0) {
      admin.awaitLinked(NAME, set.rows());
    }
  }

  private void writes(Server server, VectorSet set, Transport transport) throws Exception {
    Wire wire = transport.to(server);
    int warmUp = warmUpSeconds * rate;
    Wire.Request[] requests = new Wire.Request[warmUp + seconds * rate];
    for (int i = 0; i < requests.length; i++) {
      int row = i % set.rows();
      requests[i] = wire.upsert(NAME, set.base(), row, row + 1, set.rows() + i, true);
    }
    OpenLoop loop = new OpenLoop(rate);
    try (ConnectionPool pool = new ConnectionPool(wire, connections)) {
      if (warmUp > 0) {
        var unused = loop.run(warmUp, () -> true, i -> pool.call(requests[i]));
      }
      CpuMeter meter = new CpuMeter(server.usage());
      OpenLoop.Outcome outcome =
          loop.run(Duration.ofSeconds(seconds), i -> pool.call(requests[warmUp + i]));
      print(wire.name() + ", wait", set, outcome, meter, "");
    }
  }

  private void inbox(Server server, VectorSet set, CollectionAdmin admin) throws Exception {
    try (Inbox inbox = new Inbox(server.kafkaPort(), "none", 0);
        InboxWatch watch = new InboxWatch(admin, NAME)) {
      InboxStream stream =
          new InboxStream(inbox, NAME, set, set.rows(), rate, WATCHED_EVERY, watch);
      stream.run(warmUpSeconds * rate, () -> true);
      inbox.flush();
      watch.settle();
      watch.reset();
      CpuMeter meter = new CpuMeter(server.usage());
      stream.run(seconds * rate, () -> true);
      inbox.flush();
      watch.settle();
      OpenLoop.Outcome outcome =
          new OpenLoop.Outcome(watch.latencies(), (int) inbox.failures(), null);
      print("inbox", set, outcome, meter, watch.rounds());
    }
  }

  private void print(
      String via, VectorSet set, OpenLoop.Outcome outcome, CpuMeter meter, String rounds) {
    int operations = seconds * rate;
    double serverSeconds = meter.serverSeconds();
    double clientSeconds = meter.clientSeconds();
    table.row(
        via,
        set.rows(),
        rate,
        seconds,
        outcome.latencies().millis(0.5),
        outcome.latencies().millis(0.99),
        outcome.latencies().millis(0.999),
        outcome.latencies().maxMillis(),
        outcome.failures(),
        serverSeconds * 1e6 / operations,
        clientSeconds * 1e6 / operations,
        rounds);
    if (outcome.firstFailure() != null) {
      System.out.println("first failure: " + outcome.firstFailure());
    }
    if (isByThread) {
      System.out.println("server us/write by thread: " + meter.serverMicrosByThread(operations));
    }
  }
}
