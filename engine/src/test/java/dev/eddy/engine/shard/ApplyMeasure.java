package dev.eddy.engine.shard;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.HnswConfig;
import dev.eddy.model.collection.HnswDiff;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.update.Update;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/**
 * Measures apply, checkpoint and reopening by hand: {@code ApplyMeasure <folder> <points> [graph]}.
 * Not a test: it asserts nothing.
 */
final class ApplyMeasure {
  private static final int DIMENSION = 100;
  private static final int BUNDLE = 256;

  private ApplyMeasure() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createTempDirectory(Path.of(arguments[0]), "measure");
    int count = Integer.parseInt(arguments[1]);
    int m = arguments.length > 2 ? 16 : 0;
    CollectionSpec spec =
        CollectionSpec.of(
            Map.of(
                "",
                new VectorParams(
                    DIMENSION,
                    Distance.COSINE,
                    new HnswDiff(m, null, null, null, null, null, null, null),
                    null,
                    null,
                    null)));
    List<Update> log = updates(count);
    try (EngineResources resources = EngineResources.ofDefaults()) {
      for (int round = 0; round < 3; round++) {
        long started = cpuNanos();
        Shard shard = open(folder.resolve("round" + round), resources);
        report("open empty", started, 1);
        shard.apply(0, new Update.Genesis(RandomUpdates.SHARD.collectionId(), "c", 3, 0, spec, 1));
        started = cpuNanos();
        long offset = apply(shard, log, 1);
        report("apply new", started, count);
        started = cpuNanos();
        shard.checkpoint();
        report("checkpoint", started, count);
        started = cpuNanos();
        offset = apply(shard, log, offset);
        report("apply again", started, count);
        started = cpuNanos();
        for (int i = 0; i < 2_000; i++) {
          shard.apply(offset++, new Update.Upsert(List.of(point(new Random(i), i))));
          shard.publish();
        }
        report("apply and publish single points", started, 2_000);
        started = cpuNanos();
        try (ShardLease lease = shard.lease()) {
          Condition condition =
              new Condition.Field(
                  KeyPath.parse("rank"),
                  List.of(new FieldPredicate.Range(null, 100.0, 200.0, null)));
          System.out.println("count " + lease.count(Filter.must(condition)));
        }
        report("count by filter", started, count);
        System.out.println(shard.stats() + " ef " + HnswConfig.DEFAULT.efConstruct());
        started = cpuNanos();
        shard.checkpoint();
        report("checkpoint", started, count);
        shard.close();
        started = cpuNanos();
        open(folder.resolve("round" + round), resources).close();
        report("reopen", started, count);
      }
    }
  }

  /** CPU time of this thread: what one core would take, whatever else runs. */
  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static Shard open(Path folder, EngineResources resources) throws IOException {
    return Shard.open(
        RandomUpdates.SHARD, new UUID(1, 1), folder, resources, ShardSettings.DEFAULT);
  }

  private static long apply(Shard shard, List<Update> log, long from) {
    long offset = from;
    for (Update update : log) {
      shard.apply(offset++, update);
      if (offset % 8 == 0) {
        shard.publish();
        shard.maintain();
      }
    }
    shard.publish();
    return offset;
  }

  private static void report(String what, long started, int count) {
    double seconds = (cpuNanos() - started) / 1e9;
    System.out.printf("%-34s %8.3f s %12.0f /s%n", what, seconds, count / seconds);
  }

  private static List<Update> updates(int count) {
    Random random = new Random(1);
    List<Update> updates = new ArrayList<>();
    for (int from = 0; from < count; from += BUNDLE) {
      List<Point> points = new ArrayList<>();
      for (int i = from; i < Math.min(count, from + BUNDLE); i++) {
        points.add(point(random, i));
      }
      updates.add(new Update.Upsert(points));
    }
    return updates;
  }

  private static Point point(Random random, int i) {
    float[] values = new float[DIMENSION];
    for (int j = 0; j < DIMENSION; j++) {
      values[j] = random.nextFloat() - 0.5f;
    }
    byte[] json =
        "{\"word\":\"word%d\",\"rank\":%d,\"tags\":[\"a\",\"b\"]}"
            .formatted(i, i)
            .getBytes(StandardCharsets.UTF_8);
    return new Point(PointId.of(i), Vectors.unnamed(values), new Payload(json));
  }
}
