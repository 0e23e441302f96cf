package dev.eddy.bench.command;

import dev.eddy.bench.data.VectorSet;
import dev.eddy.bench.measure.CpuMeter;
import dev.eddy.bench.measure.Latencies;
import dev.eddy.bench.measure.Table;
import dev.eddy.bench.server.CollectionAdmin;
import dev.eddy.bench.server.LaunchedServer;
import dev.eddy.bench.server.Server;
import dev.eddy.bench.server.ServerOptions;
import dev.eddy.bench.wire.Door;
import dev.eddy.bench.wire.Transport;
import dev.eddy.bench.wire.WireDoor;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code many}. */
@Command(
    name = "many",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "A server with many small collections: makes them, stops and starts it, and measures the start,",
      "what it takes at rest, how long creating one more takes, and single writes to one of them over",
      "REST with wait=true, one after the other."
    })
final class ManyCommand implements Callable<Integer> {
  private static final String NAME = "bench-many-";
  private static final String WRITTEN = "bench-written";
  private static final long POLL_MS = 50;

  @Mixin private final ServerOptions servers = new ServerOptions();
  @Mixin private final SetOptions sets = new SetOptions();
  @Mixin private final ShapeOptions shape = new ShapeOptions();

  @Option(
      names = "--collections",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Collections at rest (default: ${DEFAULT-VALUE}).")
  private int collections = 1_000;

  @Option(
      names = "--points",
      paramLabel = "N",
      defaultValue = "100",
      description = "Points of each (default: ${DEFAULT-VALUE}).")
  private int points = 100;

  @Option(
      names = "--settle",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "Until the server counts as at rest (default: ${DEFAULT-VALUE}).")
  private int settleSeconds = 30;

  @Option(
      names = "--seconds",
      defaultValue = "20",
      description = "At rest, measured (default: ${DEFAULT-VALUE}).")
  private int seconds = 20;

  @Option(
      names = "--created",
      paramLabel = "N",
      defaultValue = "20",
      description = "Collections created beside them (default: ${DEFAULT-VALUE}).")
  private int created = 20;

  @Option(
      names = "--writes",
      paramLabel = "N",
      defaultValue = "3000",
      description = "Single writes, after a sixth as many to warm up (default: ${DEFAULT-VALUE}).")
  private int writes = 3_000;

  @Override
  public Integer call() throws Exception {
    VectorSet set = sets.open();
    servers.launching(launch -> {
      try (LaunchedServer empty = LaunchedServer.start(launch)) {
        make(empty.server(), set);
        var _ = empty.terminate();
      }
      try (LaunchedServer full = LaunchedServer.start(launch)) {
        measure(full, set);
      }
    });
    return 0;
  }

  private void make(Server server, VectorSet set) throws Exception {
    try (CollectionAdmin admin = new CollectionAdmin(server)) {
      for (int i = 0; i < collections; i++) {
        admin.create(NAME + i, shape.of(set.dimension()));
        write(server, NAME + i, set, points, points);
      }
    }
  }

  /** Writes the set's first rows with wait=true, one batch after the other; times of each. */
  private static long[] write(Server server, String collection, VectorSet set, int rows, int batch)
      throws Exception {
    long[] nanos = new long[rows / batch];
    try (Door door = new WireDoor(Transport.REST.to(server), collection, true, 1)) {
      for (int i = 0; i < nanos.length; i++) {
        Door.Batch one = door.prepare(set.base(), i * batch, (i + 1) * batch);
        long start = System.nanoTime();
        one.send();
        nanos[i] = System.nanoTime() - start;
      }
      door.finish();
    }
    return nanos;
  }

  private void measure(LaunchedServer launched, VectorSet set) throws Exception {
    Server server = launched.server();
    long lineNanos = System.nanoTime();
    awaitServing(server);
    double serving = launched.readySeconds() + (System.nanoTime() - lineNanos) / 1e9;
    double startSeconds = server.usage().cpuSeconds();
    TimeUnit.SECONDS.sleep(settleSeconds);
    CpuMeter rest = new CpuMeter(server.usage());
    TimeUnit.SECONDS.sleep(seconds);
    double cores = rest.serverSeconds() / rest.seconds();
    long residentMib = server.usage().residentMib();
    Latencies creating = new Latencies(create(server, set));
    var _ = write(server, WRITTEN, set, writes / 6, 1);
    CpuMeter writing = new CpuMeter(server.usage());
    Latencies written = new Latencies(write(server, WRITTEN, set, writes, 1));
    new Table(
            "collections",
            "points each",
            "answers after s",
            "serves all after s",
            "its CPU s",
            "resident MiB",
            "cores at rest",
            "create p50 ms",
            "write p50 ms",
            "write p99 ms",
            "CPU per write ms")
        .row(
            collections,
            points,
            launched.readySeconds(),
            serving,
            startSeconds,
            residentMib,
            cores,
            creating.millis(0.5),
            written.millis(0.5),
            written.millis(0.99),
            1e3 * writing.serverSeconds() / writes);
  }

  /** Until the server says that every shard has applied its log. */
  private static void awaitServing(Server server) throws Exception {
    URI address = URI.create("http://127.0.0.1:" + server.restPort() + "/readyz");
    HttpRequest asked = HttpRequest.newBuilder(address).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      while (client.send(asked, HttpResponse.BodyHandlers.discarding()).statusCode() != 200) {
        TimeUnit.MILLISECONDS.sleep(POLL_MS);
      }
    }
  }

  private long[] create(Server server, VectorSet set) throws Exception {
    long[] nanos = new long[created];
    try (CollectionAdmin admin = new CollectionAdmin(server)) {
      for (int i = 0; i < created; i++) {
        long start = System.nanoTime();
        admin.create(NAME + "more-" + i, shape.of(set.dimension()));
        nanos[i] = System.nanoTime() - start;
      }
      admin.create(WRITTEN, shape.of(set.dimension()));
    }
    return nanos;
  }
}
