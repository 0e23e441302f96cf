package dev.eddy.bench.command;

import dev.eddy.bench.data.VectorFile;
import dev.eddy.bench.edge.EdgeHost;
import dev.eddy.bench.edge.EdgeProcess;
import dev.eddy.bench.measure.ProcessUsage;
import dev.eddy.bench.measure.Table;
import dev.eddy.bench.wire.Transport;
import dev.eddy.bench.wire.Wire;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code edge}. */
@Command(
    name = "edge",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "What a request costs beside engine and Kafka: a query node whose shard answers at once and",
      "whose log forgets, in a process of its own. Searches of 10 hits without payload, and upserts",
      "of 256 points, each as fast as they are answered; CPU of that process per request and point."
    })
final class EdgeCommand implements Callable<Integer> {
  private static final int HITS = 10;
  private static final int BATCH = 256;
  private static final int VARIETY = 64;

  @Mixin private final ClientOptions clients = new ClientOptions();

  @Option(
      names = "--sharing",
      split = ",",
      defaultValue = "1,16",
      description =
          "Requests in flight on each connection, where it carries several: gRPC (default:"
              + " ${DEFAULT-VALUE}).")
  private List<Integer> sharing = List.of();

  @Option(
      names = "--dimension",
      defaultValue = "100",
      description = "Of the vectors (default: ${DEFAULT-VALUE}).")
  private int dimension = 100;

  @Option(
      names = "--seconds",
      defaultValue = "10",
      description = "Per row (default: ${DEFAULT-VALUE}).")
  private double seconds = 10;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "20",
      description = "Before each transport's searches and upserts (default: ${DEFAULT-VALUE}).")
  private double warmUpSeconds = 20;

  @Option(
      names = "--recording",
      paramLabel = "FILE",
      description = "Let Flight Recorder profile the process into this file.")
  private @Nullable Path recording;

  /** One kind of request, in some variety. */
  private record Requests(String name, int points, List<Wire.Request> all) {}

  @Override
  public Integer call() throws Exception {
    Table table =
        new Table(
            "over",
            "request",
            "connections",
            "in flight each",
            "per second",
            "p50 ms",
            "server CPU us/request",
            "us/point",
            "us/request by thread");
    try (EdgeProcess edges = EdgeProcess.start(dimension, HITS, Optional.ofNullable(recording))) {
      for (Transport transport : clients.transports()) {
        Wire wire = transport.to(edges.server());
        for (Requests requests : List.of(searches(wire), upserts(wire))) {
          ClosedLoop loop =
              new ClosedLoop(
                  wire,
                  (connection, number) -> {
                    var unused =
                        connection.call(requests.all().get(number % requests.all().size()));
                  });
          ProcessUsage usage = edges.server().usage();
          var unused = loop.run(4, 0, warmUpSeconds, usage);
          for (int connections : clients.clients()) {
            for (int each : wire.isShared() ? sharing : List.of(1)) {
              ClosedLoop.Result result = loop.run(connections, each, 0, seconds, usage);
              table.row(
                  wire.name(),
                  requests.name(),
                  connections,
                  each,
                  result.perSecond(),
                  result.latencies().millis(0.5),
                  result.serverMicros(),
                  requests.points() == 0 ? "" : result.serverMicros() / requests.points(),
                  result.serverMicrosByThread());
            }
          }
        }
      }
    }
    return 0;
  }

  private Requests searches(Wire wire) {
    VectorFile queries = gaussians(VARIETY);
    List<Wire.Request> all = new ArrayList<>();
    for (int i = 0; i < VARIETY; i++) {
      all.add(wire.nearest(EdgeHost.COLLECTION, queries.row(i), HITS, 128));
    }
    return new Requests("search", 0, all);
  }

  private Requests upserts(Wire wire) {
    VectorFile rows = gaussians(VARIETY * BATCH);
    List<Wire.Request> all = new ArrayList<>();
    for (int i = 0; i < VARIETY; i++) {
      int from = i * BATCH;
      all.add(wire.upsert(EdgeHost.COLLECTION, rows, from, from + BATCH, from, false));
    }
    return new Requests("upsert of " + BATCH, BATCH, all);
  }

  private VectorFile gaussians(int rows) {
    Random random = new Random(1);
    float[] values = new float[rows * dimension];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new VectorFile(FloatBuffer.wrap(values), dimension);
  }
}
