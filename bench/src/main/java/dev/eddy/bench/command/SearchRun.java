package dev.eddy.bench.command;

import dev.eddy.bench.data.VectorSet;
import dev.eddy.bench.measure.Latencies;
import dev.eddy.bench.measure.ProcessUsage;
import dev.eddy.bench.wire.Wire;
import java.io.IOException;

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
    ClosedLoop loop =
        new ClosedLoop(
            wire,
            (connection, number) -> {
              int query = number % requests.length;
              answers[query] = connection.call(requests[query]);
            });
    ClosedLoop.Result result = loop.run(connections, requests.length, seconds, server);
    return new Result(
        recall(),
        result.perSecond(),
        result.serverMicros() / 1e3,
        result.clientMicros() / 1e3,
        result.latencies());
  }

  private double recall() throws IOException {
    int hits = 0;
    for (int i = 0; i < answers.length; i++) {
      hits += set.hits(i, wire.ids(answers[i]));
    }
    return hits / (double) (answers.length * VectorSet.K);
  }
}
