package dev.eddy.bench.command;

import dev.eddy.bench.data.VectorSet;
import dev.eddy.bench.measure.Latencies;
import dev.eddy.bench.measure.Table;
import dev.eddy.bench.server.CollectionAdmin;
import dev.eddy.bench.server.Footprint;
import dev.eddy.bench.server.Server;
import dev.eddy.bench.server.ServerOptions;
import dev.eddy.bench.wire.Inbox;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cycles}. */
@Command(
    name = "cycles",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Create and drop a collection again and again: times of both, and what the server holds before",
      "and after. With --inbox, records stream into that collection and into another meanwhile, and",
      "the other's longest time from inbox to visible is printed (see visible for its resolution)."
    })
final class CyclesCommand implements Callable<Integer> {
  private static final String CYCLED = "bench-cycled";
  private static final String OTHER = "bench-other";
  private static final int WATCHED_EVERY = 20;
  private static final int INBOX_WARM_UP_SECONDS = 10;

  @Mixin private final ServerOptions servers = new ServerOptions();
  @Mixin private final SetOptions sets = new SetOptions();
  @Mixin private final ShapeOptions shape = new ShapeOptions();

  @Option(
      names = "--cycles",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Cycles measured (default: ${DEFAULT-VALUE}).")
  private int cycles = 1_000;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "50",
      description = "Cycles before (default: ${DEFAULT-VALUE}).")
  private int warmUp = 50;

  @Option(names = "--inbox", description = "Stream into both collections meanwhile.")
  private boolean hasInbox;

  @Option(
      names = "--rate",
      defaultValue = "1000",
      description = "Records per second into each collection (default: ${DEFAULT-VALUE}).")
  private int rate = 1_000;

  @Option(
      names = "--settle",
      paramLabel = "SECONDS",
      defaultValue = "75",
      description =
          "Wait before each look at what the server holds; Kafka deletes a dropped topic's files"
              + " after a minute (default: ${DEFAULT-VALUE}).")
  private int settleSeconds = 75;

  /** Times of the cycles in nanoseconds. */
  private record Times(long[] create, long[] drop) {}

  @Override
  public Integer call() throws Exception {
    VectorSet set = sets.open();
    servers.run(server -> {
      try (CollectionAdmin admin = new CollectionAdmin(server)) {
        admin.drop(CYCLED);
        var unused = cycle(admin, set.dimension(), warmUp);
        Footprint before = settled(server);
        if (hasInbox) {
          besideInbox(server, set, admin);
        } else {
          print(cycle(admin, set.dimension(), cycles));
        }
        print(before, settled(server));
      }
    });
    return 0;
  }

  private Footprint settled(Server server) throws Exception {
    TimeUnit.SECONDS.sleep(settleSeconds);
    return Footprint.of(server);
  }

  private Times cycle(CollectionAdmin admin, int dimension, int count) {
    Times times = new Times(new long[count], new long[count]);
    for (int i = 0; i < count; i++) {
      long start = System.nanoTime();
      admin.create(CYCLED, shape.of(dimension));
      long created = System.nanoTime();
      admin.drop(CYCLED);
      times.create()[i] = created - start;
      times.drop()[i] = System.nanoTime() - created;
    }
    return times;
  }

  private void besideInbox(Server server, VectorSet set, CollectionAdmin admin) throws Exception {
    admin.drop(OTHER);
    admin.create(OTHER, shape.of(set.dimension()));
    AtomicBoolean goOn = new AtomicBoolean(true);
    try (CollectionAdmin reader = new CollectionAdmin(server);
        InboxWatch watch = new InboxWatch(reader, OTHER);
        Inbox otherInbox = new Inbox(server.kafkaPort(), "none", 0);
        Inbox cycledInbox = new Inbox(server.kafkaPort(), "none", 0)) {
      InboxStream other = new InboxStream(otherInbox, OTHER, set, 0, rate, WATCHED_EVERY, watch);
      InboxStream cycled = new InboxStream(cycledInbox, CYCLED, set, 0, rate, 1, null);
      other.run(INBOX_WARM_UP_SECONDS * rate, () -> true);
      watch.settle();
      watch.reset();
      FutureTask<Void> otherTask = stream(other, goOn);
      FutureTask<Void> cycledTask = stream(cycled, goOn);
      Times times;
      try {
        times = cycle(admin, set.dimension(), cycles);
      } finally {
        goOn.set(false);
      }
      otherTask.get();
      cycledTask.get();
      otherInbox.flush();
      watch.settle();
      admin.awaitSearchable(OTHER, other.produced());
      print(times);
      print(other.produced(), admin.pointCount(OTHER), watch);
    }
    admin.drop(OTHER);
  }

  private static FutureTask<Void> stream(InboxStream stream, AtomicBoolean goOn) {
    FutureTask<Void> task = new FutureTask<>(() -> stream.run(Integer.MAX_VALUE, goOn::get), null);
    Thread.ofPlatform().name("inbox-stream").start(task);
    return task;
  }

  private void print(Times times) {
    Table table =
        new Table(
            "cycles",
            "inbox",
            "create p50 ms",
            "create p99 ms",
            "drop p50 ms",
            "drop p99 ms",
            "first tenth: create / drop p50 ms",
            "last tenth: create / drop p50 ms");
    Latencies create = new Latencies(times.create());
    Latencies drop = new Latencies(times.drop());
    int tenth = Math.max(1, cycles / 10);
    table.row(
        cycles,
        hasInbox ? rate + "/s into each" : "idle",
        create.millis(0.5),
        create.millis(0.99),
        drop.millis(0.5),
        drop.millis(0.99),
        part(times, 0, tenth),
        part(times, cycles - tenth, cycles));
  }

  private static String part(Times times, int from, int to) {
    Latencies create = new Latencies(Arrays.copyOfRange(times.create(), from, to));
    Latencies drop = new Latencies(Arrays.copyOfRange(times.drop(), from, to));
    return "%.1f / %.1f".formatted(create.millis(0.5), drop.millis(0.5));
  }

  private static void print(int produced, long points, InboxWatch watch) {
    System.out.println();
    Latencies visible = watch.latencies();
    new Table(
            "other collection: produced",
            "points",
            "p50 ms",
            "p99 ms",
            "longest gap ms",
            "at s",
            "reader's round p50 / max ms")
        .row(
            produced,
            points,
            visible.millis(0.5),
            visible.millis(0.99),
            visible.maxMillis(),
            watch.longestAtSeconds(),
            watch.rounds());
  }

  private static void print(Footprint before, Footprint after) {
    System.out.println();
    Table table =
        new Table("", "threads", "open files", "resident MiB", "live heap MiB", "files", "MiB");
    row(table, "before", before);
    row(table, "after", after);
  }

  private static void row(Table table, String when, Footprint footprint) {
    table.row(
        when,
        footprint.threads(),
        footprint.openFiles(),
        footprint.residentMib(),
        footprint.liveHeapMib(),
        footprint.files(),
        footprint.fileMib());
  }
}
