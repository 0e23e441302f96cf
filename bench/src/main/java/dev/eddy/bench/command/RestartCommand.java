package dev.eddy.bench.command;

import dev.eddy.bench.data.VectorSet;
import dev.eddy.bench.measure.Table;
import dev.eddy.bench.server.CollectionAdmin;
import dev.eddy.bench.server.LaunchedServer;
import dev.eddy.bench.server.ServerOptions;
import dev.eddy.bench.wire.Door;
import dev.eddy.bench.wire.Transport;
import dev.eddy.bench.wire.WireDoor;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code restart}. */
@Command(
    name = "restart",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Start on an empty folder; load; SIGTERM and start again; load into a second collection, kill -9",
      "in the middle and start again. Seconds count from the start of the launcher: until the ready",
      "line, until a read at the log's end is answered in every collection, until all is linked."
    })
final class RestartCommand implements Callable<Integer> {
  private static final String FIRST = "bench-restart";
  private static final String SECOND = "bench-killed";

  @Mixin private final ServerOptions servers = new ServerOptions();
  @Mixin private final SetOptions sets = new SetOptions();
  @Mixin private final ShapeOptions shape = new ShapeOptions();

  @Option(
      names = "--kill-at",
      paramLabel = "SHARE",
      defaultValue = "0.5",
      description =
          "Share of the second load acknowledged at the kill (default: ${DEFAULT-VALUE}).")
  private double killAt = 0.5;

  private final Table table =
      new Table(
          "set",
          "start after",
          "stopped in s",
          "ready s",
          "applied = log end s",
          "linked s",
          "points expected",
          "points found",
          "resident MiB");

  @Override
  public Integer call() throws Exception {
    VectorSet set = sets.open();
    servers.launching(launch -> {
      try (LaunchedServer empty = LaunchedServer.start(launch)) {
        row(set, "empty folder", 0, empty, empty.readySeconds(), empty.readySeconds(), 0, 0);
        try (Door door = doorToNew(FIRST, empty, set)) {
          new BulkLoad(door, set, 0, set.rows(), BulkLoad.BATCH).run();
        }
        awaitLinked(empty, FIRST, set.rows());
        double stopped = empty.terminate();
        try (LaunchedServer stoppedBefore = LaunchedServer.start(launch)) {
          afterStop(stoppedBefore, set, stopped);
          int acknowledged = killInMidLoad(stoppedBefore, set);
          try (LaunchedServer killedBefore = LaunchedServer.start(launch)) {
            afterKill(killedBefore, set, acknowledged);
          }
        }
      }
    });
    return 0;
  }

  private Door doorToNew(String name, LaunchedServer launched, VectorSet set) throws Exception {
    try (CollectionAdmin admin = new CollectionAdmin(launched.server())) {
      admin.create(name, shape.of(set.dimension()));
    }
    return new WireDoor(Transport.GRPC.to(launched.server()), name, false, 8);
  }

  private static void awaitLinked(LaunchedServer launched, String name, int rows) throws Exception {
    try (CollectionAdmin admin = new CollectionAdmin(launched.server())) {
      admin.awaitLinked(name, rows);
    }
  }

  private void afterStop(LaunchedServer launched, VectorSet set, double stopped) throws Exception {
    long ready = System.nanoTime();
    try (CollectionAdmin admin = new CollectionAdmin(launched.server())) {
      long found = admin.awaitLogEnd(FIRST);
      double applied = since(launched, ready);
      admin.awaitLinked(FIRST, set.rows());
      row(set, "SIGTERM", stopped, launched, applied, since(launched, ready), set.rows(), found);
    }
  }

  /** Returns the points acknowledged before the kill. */
  private int killInMidLoad(LaunchedServer launched, VectorSet set) throws Exception {
    try (Door door = doorToNew(SECOND, launched, set)) {
      BulkLoad load = new BulkLoad(door, set, 0, set.rows(), BulkLoad.BATCH);
      FutureTask<Void> loading =
          new FutureTask<>(() -> {
            load.run();
            return null;
          });
      Thread.ofPlatform().name("load").start(loading);
      int batches = (int) (killAt * set.rows() / BulkLoad.BATCH);
      while (load.acknowledgedBatches() < batches && !loading.isDone()) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
      launched.kill();
      load.stop();
      try {
        loading.get();
      } catch (ExecutionException expected) {
        // The requests that were in flight have failed.
      }
      return Math.min(set.rows(), load.acknowledgedBatches() * BulkLoad.BATCH);
    }
  }

  private void afterKill(LaunchedServer launched, VectorSet set, int acknowledged)
      throws Exception {
    long ready = System.nanoTime();
    try (CollectionAdmin admin = new CollectionAdmin(launched.server())) {
      long found = admin.awaitLogEnd(FIRST) + admin.awaitLogEnd(SECOND);
      double applied = since(launched, ready);
      admin.awaitLinked(FIRST, set.rows());
      admin.awaitLinked(SECOND, admin.pointCount(SECOND));
      row(
          set,
          "kill -9 at " + acknowledged + " of the second load",
          0,
          launched,
          applied,
          since(launched, ready),
          set.rows() + acknowledged,
          found);
      if (found < set.rows() + acknowledged) {
        throw new IllegalStateException("acknowledged points are missing");
      }
    }
  }

  private static double since(LaunchedServer launched, long readyNanos) {
    return launched.readySeconds() + (System.nanoTime() - readyNanos) / 1e9;
  }

  private void row(
      VectorSet set,
      String after,
      double stopped,
      LaunchedServer launched,
      double applied,
      double linked,
      long expected,
      long found) {
    table.row(
        set.name(),
        after,
        stopped,
        launched.readySeconds(),
        applied,
        linked,
        expected,
        found,
        launched.server().usage().residentMib());
  }
}
