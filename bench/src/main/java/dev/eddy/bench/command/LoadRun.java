package dev.eddy.bench.command;

import dev.eddy.bench.data.VectorSet;
import dev.eddy.bench.measure.CpuMeter;
import dev.eddy.bench.measure.Table;
import dev.eddy.bench.server.CollectionAdmin;
import dev.eddy.bench.server.Server;
import dev.eddy.bench.wire.Door;

/** One load into a collection made anew, from the first request until everything is linked. */
final class LoadRun {
  private LoadRun() {}

  /**
   * What came of it. All seconds count from the first request.
   *
   * @param acknowledged when all was acknowledged
   * @param searchable when all was searchable
   * @param linked when all was linked; without a graph when all was searchable
   * @param byThread the server's CPU in microseconds per point, by thread name
   */
  record Result(
      String door,
      int rows,
      Moment acknowledged,
      Moment searchable,
      Moment linked,
      long residentMib,
      String byThread) {}

  /** A moment, and the CPU seconds used until then. */
  record Moment(double seconds, double serverSeconds, double clientSeconds) {
    static Moment of(CpuMeter meter) {
      return new Moment(meter.seconds(), meter.serverSeconds(), meter.clientSeconds());
    }
  }

  /** Makes the collection, encodes, loads and waits. */
  static Result run(
      Server server, Door door, VectorSet set, Batches batches, CollectionAdmin.Shape shape)
      throws Exception {
    String name = batches.collection();
    int rows = batches.rows();
    try (CollectionAdmin admin = new CollectionAdmin(server)) {
      admin.drop(name);
      admin.create(name, shape);
      BulkLoad load = new BulkLoad(door, set, 0, rows, batches.batchRows());
      System.gc(); // Of the client: the encoded bodies are moved now rather than meanwhile.
      CpuMeter meter = new CpuMeter(server.usage());
      load.run();
      Moment acknowledged = Moment.of(meter);
      admin.awaitSearchable(name, rows);
      Moment searchable = Moment.of(meter);
      if (shape.m() > 0) {
        admin.awaitLinked(name, rows);
      }
      return new Result(
          door.name(),
          rows,
          acknowledged,
          searchable,
          Moment.of(meter),
          server.usage().residentMib(),
          meter.serverMicrosByThread(rows));
    }
  }

  /** What to load, and where. */
  record Batches(String collection, int rows, int batchRows) {}

  static Table table() {
    return new Table(
        "set",
        "via",
        "rows",
        "acknowledged points/s",
        "server us/point until then",
        "client us/point",
        "searchable points/s",
        "server us/point until then",
        "linked after s",
        "server CPU s until then",
        "resident MiB");
  }

  static void print(Table table, VectorSet set, Result result) {
    int rows = result.rows();
    table.row(
        set.name(),
        result.door(),
        rows,
        rows / result.acknowledged().seconds(),
        result.acknowledged().serverSeconds() * 1e6 / rows,
        result.acknowledged().clientSeconds() * 1e6 / rows,
        rows / result.searchable().seconds(),
        result.searchable().serverSeconds() * 1e6 / rows,
        result.linked().seconds(),
        result.linked().serverSeconds(),
        result.residentMib());
  }
}
