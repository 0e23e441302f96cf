package dev.eddy.bench.command;

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

/** Clients that each ask as soon as they are answered, on connections of their own or shared. */
final class ClosedLoop {
  private final Wire wire;
  private final Caller caller;

  /** What one request is. */
  @FunctionalInterface
  interface Caller {
    /**
     * Asks and waits for the answer.
     *
     * @param number of the request, from 0, over all clients
     */
    void call(Wire.Connection connection, int number) throws IOException;
  }

  /**
   * What came of a run.
   *
   * @param perSecond answers per second
   * @param serverMicros the server's CPU per request
   * @param clientMicros this process's CPU per request
   * @param serverMicrosByThread see {@link CpuMeter#serverMicrosByThread}
   */
  record Result(
      double perSecond,
      double serverMicros,
      double clientMicros,
      String serverMicrosByThread,
      Latencies latencies) {}

  ClosedLoop(Wire wire, Caller caller) {
    this.wire = wire;
    this.caller = caller;
  }

  /**
   * Asks until the time is over.
   *
   * @param least requests to ask however long that takes
   */
  Result run(int connections, int least, double seconds, ProcessUsage server) throws Exception {
    return run(connections, 1, least, seconds, server);
  }

  /**
   * Asks until the time is over.
   *
   * @param sharing how many clients share each connection: 1 unless the wire is shared
   * @param least requests to ask however long that takes
   */
  Result run(int connections, int sharing, int least, double seconds, ProcessUsage server)
      throws Exception {
    AtomicInteger next = new AtomicInteger();
    List<Future<long[]>> clients = new ArrayList<>();
    CpuMeter meter = new CpuMeter(server);
    long end = System.nanoTime() + (long) (seconds * 1e9);
    try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
      for (int i = 0; i < connections; i++) {
        clients.add(threads.submit(() -> ask(sharing, next, least, end)));
      }
    }
    double took = meter.seconds();
    double serverSeconds = meter.serverSeconds();
    double clientSeconds = meter.clientSeconds();
    long[] nanos = new long[0];
    for (Future<long[]> client : clients) {
      nanos = joined(nanos, client.get());
    }
    return new Result(
        nanos.length / took,
        serverSeconds * 1e6 / nanos.length,
        clientSeconds * 1e6 / nanos.length,
        meter.serverMicrosByThread(nanos.length),
        new Latencies(nanos));
  }

  private static long[] joined(long[] first, long[] second) {
    long[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** One connection with all its clients. */
  private long[] ask(int sharing, AtomicInteger next, int least, long end) throws Exception {
    try (Wire.Connection connection = wire.connect()) {
      if (sharing == 1) {
        return ask(connection, next, least, end);
      }
      List<Future<long[]>> clients = new ArrayList<>();
      try (ExecutorService threads = Executors.newFixedThreadPool(sharing)) {
        for (int i = 0; i < sharing; i++) {
          clients.add(threads.submit(() -> ask(connection, next, least, end)));
        }
      }
      long[] nanos = new long[0];
      for (Future<long[]> client : clients) {
        nanos = joined(nanos, client.get());
      }
      return nanos;
    }
  }

  private long[] ask(Wire.Connection connection, AtomicInteger next, int least, long end)
      throws IOException {
    long[] nanos = new long[1024];
    int done = 0;
    while (true) {
      int number = next.getAndIncrement();
      long sent = System.nanoTime();
      if (number >= least && sent >= end) {
        return Arrays.copyOf(nanos, done);
      }
      caller.call(connection, number);
      if (done == nanos.length) {
        nanos = Arrays.copyOf(nanos, 2 * done);
      }
      nanos[done++] = System.nanoTime() - sent;
    }
  }
}
