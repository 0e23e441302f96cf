package dev.eddy.bench.command;

import dev.eddy.bench.data.VectorFile;
import dev.eddy.bench.edge.EdgeHost;
import dev.eddy.bench.edge.EdgeProcess;
import dev.eddy.bench.measure.CpuMeter;
import dev.eddy.bench.measure.Latencies;
import dev.eddy.bench.measure.Table;
import dev.eddy.bench.server.Server;
import dev.eddy.bench.wire.Transport;
import dev.eddy.bench.wire.Wire;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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

  /** What came of a run. */
  private record Result(
      double perSecond, Latencies latencies, double serverMicros, String byThread) {}

  @Override
  public Integer call() throws Exception {
    Table table =
        new Table(
            "over",
            "request",
            "connections",
            "per second",
            "p50 ms",
            "server CPU us/request",
            "us/point",
            "us/request by thread");
    try (EdgeProcess edges = EdgeProcess.start(dimension, HITS, Optional.ofNullable(recording))) {
      for (Transport transport : transports) {
        Wire wire = transport.to(edges.server());
        for (Requests requests : List.of(searches(wire), upserts(wire))) {
          var unused = run(edges.server(), wire, requests, 4, warmUpSeconds);
          for (int connections : clients) {
            Result result = run(edges.server(), wire, requests, connections, seconds);
            table.row(
                wire.name(),
                requests.name(),
                connections,
                result.perSecond(),
                result.latencies().millis(0.5),
                result.serverMicros(),
                requests.points() == 0 ? "" : result.serverMicros() / requests.points(),
                result.byThread());
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

  private static Result run(
      Server server, Wire wire, Requests requests, int connections, double seconds)
      throws Exception {
    List<Future<long[]>> clients = new ArrayList<>();
    CpuMeter meter = new CpuMeter(server.usage());
    long end = System.nanoTime() + (long) (seconds * 1e9);
    try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
      for (int i = 0; i < connections; i++) {
        int first = i;
        clients.add(threads.submit(() -> ask(wire, requests.all(), first, end)));
      }
    }
    double took = meter.seconds();
    double serverSeconds = meter.serverSeconds();
    LongStream nanos = LongStream.empty();
    for (Future<long[]> client : clients) {
      nanos = LongStream.concat(nanos, Arrays.stream(client.get()));
    }
    Latencies latencies = new Latencies(nanos.toArray());
    return new Result(
        latencies.count() / took,
        latencies,
        serverSeconds * 1e6 / latencies.count(),
        meter.serverMicrosByThread(latencies.count()));
  }

  private static long[] ask(Wire wire, List<Wire.Request> requests, int first, long end)
      throws IOException {
    LongStream.Builder nanos = LongStream.builder();
    try (Wire.Connection connection = wire.connect()) {
      for (int number = first; ; number++) {
        long sent = System.nanoTime();
        if (sent >= end) {
          return nanos.build().toArray();
        }
        var unused = connection.call(requests.get(number % requests.size()));
        nanos.add(System.nanoTime() - sent);
      }
    }
  }
}
