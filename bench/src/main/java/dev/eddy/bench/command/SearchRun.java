package dev.eddy.bench.command;

import dev.eddy.bench.data.VectorSet;
import dev.eddy.bench.measure.CpuMeter;
import dev.eddy.bench.measure.Latencies;
import dev.eddy.bench.measure.ProcessUsage;
import dev.eddy.bench.wire.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Closed-loop searches: as many clients as connections, each asking as soon as it is answered. */
final class SearchRun {
  private final Wire wire;
  private final VectorSet set;
  private final Wire.Request[] requests;
  private final byte[][] answers;

  /**
   * What came of a run.
   *
   * @param recall at 10, against exact neighbours
   * @param perSecond answers per second
   * @param serverMillis the server's CPU per query
   * @param clientMillis this process's CPU per query
   */
  record Result(
      double recall,
      double perSecond,
      double serverMillis,
      double clientMillis,
      Latencies latencies) {}

  /** Encodes every query of the set. */
  SearchRun(Wire wire, String collection, VectorSet set, int ef) {
    this.wire = wire;
    this.set = set;
    int count = set.queries().rows();
    this.requests = new Wire.Request[count];
    this.answers = new byte[count][];
    for (int i = 0; i < count; i++) {
      requests[i] = wire.nearest(collection, set.queries().row(i), VectorSet.K, ef);
    }
  }

  /** Asks every query at least once and goes on until the time is over. */
  Result run(int connections, double seconds, ProcessUsage server) throws Exception {
    AtomicInteger next = new AtomicInteger();
    List<Future<long[]>> clients = new ArrayList<>();
    CpuMeter meter = new CpuMeter(server);
    long end = System.nanoTime() + (long) (seconds * 1e9);
    try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
      for (int i = 0; i < connections; i++) {
        clients.add(threads.submit(() -> ask(next, end)));
      }
    }
    double took = meter.seconds();
    double serverSeconds = meter.serverSeconds();
    double clientSeconds = meter.clientSeconds();
    long[] nanos = new long[0];
    for (Future<long[]> client : clients) {
      long[] part = client.get();
      nanos = Arrays.copyOf(nanos, nanos.length + part.length);
      System.arraycopy(part, 0, nanos, nanos.length - part.length, part.length);
    }
    return new Result(
        recall(),
        nanos.length / took,
        serverSeconds * 1e3 / nanos.length,
        clientSeconds * 1e3 / nanos.length,
        new Latencies(nanos));
  }

  private long[] ask(AtomicInteger next, long end) throws IOException {
    long[] nanos = new long[1024];
    int done = 0;
    try (Wire.Connection connection = wire.connect()) {
      while (true) {
        int number = next.getAndIncrement();
        long sent = System.nanoTime();
        if (number >= requests.length && sent >= end) {
          return Arrays.copyOf(nanos, done);
        }
        int query = number % requests.length;
        answers[query] = connection.call(requests[query]);
        if (done == nanos.length) {
          nanos = Arrays.copyOf(nanos, 2 * done);
        }
        nanos[done++] = System.nanoTime() - sent;
      }
    }
  }

  private double recall() throws IOException {
    int hits = 0;
    for (int i = 0; i < answers.length; i++) {
      hits += set.hits(i, wire.ids(answers[i]));
    }
    return hits / (double) (answers.length * VectorSet.K);
  }
}
