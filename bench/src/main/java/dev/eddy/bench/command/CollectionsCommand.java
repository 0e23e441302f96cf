package dev.eddy.bench.command;

import dev.eddy.bench.measure.ProcessUsage;
import dev.eddy.bench.measure.Table;
import dev.eddy.bench.server.TemporaryFolder;
import dev.eddy.engine.shard.EngineResources;
import dev.eddy.engine.shard.Shard;
import dev.eddy.engine.shard.ShardSettings;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.Update;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code collections}. */
@Command(
    name = "collections",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "What many small collections cost the engine: each a shard of its own, filled, checkpointed and",
      "opened again; heap after a garbage collection, and resident memory outside of a heap that is all",
      "resident from the start, for each."
    })
final class CollectionsCommand implements Callable<Integer> {
  private static final int COLLECTIONS_WARM = 20;
  private static final double KIB = 1024;

  @Option(names = "--collections", defaultValue = "1000", description = "How many.")
  private int collections = 1_000;

  @Option(names = "--points", defaultValue = "100", description = "In each.")
  private int points = 100;

  @Option(names = "--dimension", defaultValue = "100", description = "Of the vectors.")
  private int dimension = 100;

  private final Random random = new Random(1);

  /** Memory at one moment, bytes. */
  private record Memory(long heap, long outside) {
    static Memory now() {
      System.gc();
      System.gc();
      var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
      long resident = ProcessUsage.ofThisProcess().residentMib() << 20;
      return new Memory(heap.getUsed(), resident - heap.getCommitted());
    }
  }

  @Override
  public Integer call() throws Exception {
    Table table =
        new Table("collections", "points each", "state", "heap KiB each", "native KiB each", "ms");
    try (TemporaryFolder folder = new TemporaryFolder();
        EngineResources resources = EngineResources.ofDefaults()) {
      List<Shard> warm = filled(folder.path().resolve("warm"), COLLECTIONS_WARM, resources);
      Memory before = Memory.now();
      long start = System.nanoTime();
      List<Shard> shards = filled(folder.path().resolve("all"), collections, resources);
      row(table, "filled", before, start);
      start = System.nanoTime();
      for (Shard shard : shards) {
        shard.checkpoint();
      }
      row(table, "checkpointed", before, start);
      for (Shard shard : shards) {
        shard.close();
      }
      shards.clear();
      before = Memory.now();
      start = System.nanoTime();
      for (int i = 0; i < collections; i++) {
        shards.add(open(folder.path().resolve("all"), i, resources));
      }
      row(table, "opened again", before, start);
      for (Shard shard : shards) {
        shard.close();
      }
      for (Shard shard : warm) {
        shard.close();
      }
    }
    return 0;
  }

  private void row(Table table, String state, Memory before, long startNanos) {
    double millis = (System.nanoTime() - startNanos) / 1e6 / collections;
    Memory now = Memory.now();
    table.row(
        collections,
        points,
        state,
        (now.heap() - before.heap()) / KIB / collections,
        (now.outside() - before.outside()) / KIB / collections,
        millis);
  }

  private List<Shard> filled(Path folder, int count, EngineResources resources) throws Exception {
    List<Shard> shards = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Shard shard = open(folder, i, resources);
      CollectionSpec spec =
          CollectionSpec.of(Map.of(Vectors.UNNAMED, VectorParams.of(dimension, Distance.COSINE)));
      shard.apply(0, new Update.Genesis(new UUID(1, i), "small-" + i, 1, 0, spec, 1));
      shard.apply(1, new Update.Upsert(points()));
      shard.publish();
      while (shard.maintain()) {
        Thread.sleep(1);
      }
      shards.add(shard);
    }
    return shards;
  }

  private static Shard open(Path folder, int number, EngineResources resources) throws Exception {
    ShardId id = new ShardId(new UUID(1, number), 1, 0);
    Path own = folder.resolve(Integer.toString(number));
    return Shard.open(id, new UUID(2, number), own, resources, ShardSettings.DEFAULT);
  }

  private List<Point> points() {
    List<Point> all = new ArrayList<>();
    for (int i = 0; i < points; i++) {
      float[] vector = new float[dimension];
      for (int j = 0; j < dimension; j++) {
        vector[j] = (float) random.nextGaussian();
      }
      byte[] payload = "{\"word\":\"word%d\"}".formatted(i).getBytes(StandardCharsets.UTF_8);
      all.add(new Point(PointId.of(i), Vectors.unnamed(vector), new Payload(payload)));
    }
    return all;
  }
}
