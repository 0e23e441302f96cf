package dev.eddy.bench.command;

import dev.eddy.bench.data.MultivectorSet;
import dev.eddy.bench.data.VectorSet;
import dev.eddy.bench.measure.Table;
import dev.eddy.bench.server.TemporaryFolder;
import dev.eddy.engine.segment.MemoryBudget;
import dev.eddy.engine.shard.EngineResources;
import dev.eddy.engine.shard.Shard;
import dev.eddy.engine.shard.ShardLease;
import dev.eddy.engine.shard.ShardSettings;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.MultiVectorComparator;
import dev.eddy.model.collection.Quantization;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.query.Ranking;
import dev.eddy.model.query.SearchParams;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.shard.ShardService.Hit;
import dev.eddy.model.shard.ShardService.ShardQuery;
import dev.eddy.model.update.Update;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code multi}. */
@Command(
    name = "multi",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Searches of multivectors, made of rows of the set, by the graph of their rows beside exact ones of",
      "the same shard: recall@10 and searches per second of the searching thread's CPU time."
    })
final class MultiCommand implements Callable<Integer> {
  private static final ShardId SHARD = new ShardId(new UUID(1, 2), 1, 0);
  private static final int BATCH = 1_000;
  private static final long POLL_MS = 20;
  private static final long MIB = 1L << 20;

  @Mixin private final SetOptions sets = new SetOptions();

  @Option(names = "--points", defaultValue = "100000", description = "Points.")
  private int points = 100_000;

  @Option(names = "--fewest", defaultValue = "2", description = "Rows of a point at least.")
  private int fewest = 2;

  @Option(names = "--most", defaultValue = "5", description = "Rows of a point at most.")
  private int most = 5;

  @Option(names = "--queries", defaultValue = "100", description = "Queries, made as points are.")
  private int queries = 100;

  @Option(names = "--ef", split = ",", defaultValue = "50,100,200", description = "Beams.")
  private List<Integer> beams = List.of();

  @Option(names = "--quantized", description = "With scalar quantization.")
  private boolean isQuantized;

  /** What was found, by query, and searches per second of CPU time. */
  private record Pass(List<List<PointId>> found, double perSecond) {
    private double recall(Pass exact) {
      int hits = 0;
      int wanted = 0;
      for (int i = 0; i < found.size(); i++) {
        wanted += exact.found.get(i).size();
        hits += (int) found.get(i).stream().filter(exact.found.get(i)::contains).count();
      }
      return (double) hits / wanted;
    }
  }

  @Override
  public Integer call() throws Exception {
    VectorSet base = sets.open();
    MultivectorSet set = new MultivectorSet(base.base(), fewest, most);
    int threads = Runtime.getRuntime().availableProcessors();
    try (TemporaryFolder folder = new TemporaryFolder();
        EngineResources resources =
            new EngineResources(threads, 64 * MIB, 32 * MIB, 1024 * MIB, MemoryBudget.unlimited());
        Shard shard =
            Shard.open(SHARD, new UUID(3, 4), folder.path(), resources, ShardSettings.DEFAULT)) {
      long start = System.nanoTime();
      fill(shard, set, base.dimension());
      compare(shard, set, (System.nanoTime() - start) / 1e9);
    }
    return 0;
  }

  private void fill(Shard shard, MultivectorSet set, int dimension) throws InterruptedException {
    Quantization codes = isQuantized ? new Quantization.Scalar(null, null, null) : null;
    VectorParams params =
        new VectorParams(
            dimension,
            Distance.COSINE,
            null,
            null,
            null,
            null,
            MultiVectorComparator.MAX_SIM,
            codes);
    CollectionSpec spec = CollectionSpec.of(Map.of("", params));
    long offset = 0;
    shard.apply(offset++, new Update.Genesis(SHARD.collectionId(), "multi", 1, 0, spec, 1));
    for (int from = 0; from < points; from += BATCH) {
      List<Point> batch = new ArrayList<>();
      for (int id = from; id < Math.min(points, from + BATCH); id++) {
        Vectors vectors = new Vectors(Map.of("", new Vector.Multi(set.next())));
        batch.add(new Point(PointId.of(id), vectors, Payload.EMPTY));
      }
      shard.apply(offset++, new Update.Upsert(batch));
      var _ = shard.maintain();
    }
    while (shard.maintain()) {
      Thread.sleep(POLL_MS);
    }
    shard.publish();
  }

  private void compare(Shard shard, MultivectorSet set, double seconds) {
    List<float[][]> asked = new ArrayList<>();
    for (int i = 0; i < queries; i++) {
      asked.add(set.next());
    }
    Table table =
        new Table(
            "points",
            "rows each",
            "seconds to link",
            "MiB",
            "ef",
            "recall@10",
            "searches/CPU s",
            "exact/CPU s",
            "times");
    try (ShardLease lease = shard.lease()) {
      Pass exact = search(lease, asked, new SearchParams(null, true, false));
      for (int ef : beams) {
        SearchParams params = new SearchParams(ef, false, false);
        var _ = search(lease, asked, params);
        Pass pass = search(lease, asked, params);
        table.row(
            points,
            fewest + "-" + most,
            seconds,
            shard.stats().memory().memoryBytes() / MIB,
            ef,
            pass.recall(exact),
            pass.perSecond(),
            exact.perSecond(),
            pass.perSecond() / exact.perSecond());
      }
    }
  }

  private static Pass search(ShardLease lease, List<float[][]> asked, SearchParams params) {
    List<List<PointId>> found = new ArrayList<>();
    long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    for (float[][] query : asked) {
      ShardQuery nearest =
          new ShardQuery(
              new Ranking.Nearest(new Vector.Multi(query)),
              "",
              null,
              params,
              VectorSet.K,
              null,
              null,
              null);
      found.add(
          lease
              .search(List.of(nearest), PayloadSelector.None.NONE, VectorSelector.None.NONE)
              .getFirst()
              .stream()
              .map(Hit::id)
              .toList());
    }
    long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
    return new Pass(found, asked.size() * 1e9 / nanos);
  }
}
