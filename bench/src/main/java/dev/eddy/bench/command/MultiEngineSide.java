package dev.eddy.bench.command;

import dev.eddy.bench.data.MultivectorFile;
import dev.eddy.bench.data.VectorSet;
import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.segment.MemoryBudget;
import dev.eddy.engine.shard.EngineResources;
import dev.eddy.engine.shard.Shard;
import dev.eddy.engine.shard.ShardLease;
import dev.eddy.engine.shard.ShardSettings;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.HnswDiff;
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
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A shard of multivectors alone, searched by one thread; multivector n is point n. */
final class MultiEngineSide implements GraphSide {
  private static final ShardId SHARD = new ShardId(new UUID(1, 2), 1, 0);
  private static final int BATCH = 1_000;
  private static final long POLL_MS = 20;
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(8);
  private static final long MIB = 1L << 20;

  private final MultivectorFile base;
  private final CollectionSpec spec;
  private final List<float[][]> queries = new ArrayList<>();
  private final EngineResources resources;
  private final Shard shard;
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private List<List<PointId>> nearest = List.of();

  MultiEngineSide(
      MultivectorFile base,
      MultivectorFile asked,
      GraphParams params,
      int threads,
      boolean isQuantized,
      Path folder)
      throws IOException {
    this.base = base;
    for (int i = 0; i < asked.count(); i++) {
      queries.add(asked.get(i));
    }
    HnswDiff hnsw =
        new HnswDiff(params.m(), params.efConstruct(), null, null, null, null, null, null);
    this.spec =
        CollectionSpec.of(
            Map.of(
                "",
                new VectorParams(
                    base.rows().dimension(),
                    Distance.COSINE,
                    hnsw,
                    null,
                    null,
                    null,
                    MultiVectorComparator.MAX_SIM,
                    isQuantized ? new Quantization.Scalar(null, null, null) : null)));
    this.resources =
        new EngineResources(threads, 64 * MIB, 32 * MIB, 1024 * MIB, MemoryBudget.unlimited());
    this.shard = Shard.open(SHARD, new UUID(3, 4), folder, resources, ShardSettings.DEFAULT);
  }

  @Override
  public double build() throws InterruptedException {
    long start = System.nanoTime();
    long offset = 0;
    shard.apply(offset++, new Update.Genesis(SHARD.collectionId(), "multi", 1, 0, spec, 1));
    for (int from = 0; from < base.count(); from += BATCH) {
      List<Point> batch = new ArrayList<>();
      for (int id = from; id < Math.min(base.count(), from + BATCH); id++) {
        Vectors vectors = new Vectors(Map.of("", new Vector.Multi(base.get(id))));
        batch.add(new Point(PointId.of(id), vectors, Payload.EMPTY));
      }
      shard.apply(offset++, new Update.Upsert(batch));
      var _ = shard.maintain();
    }
    settle(System.nanoTime());
    double seconds = (System.nanoTime() - start) / 1e9;
    // Slots are filled once no row has come for some seconds.
    settle(System.nanoTime() + QUIET_NANOS);
    shard.publish();
    return seconds;
  }

  private void settle(long soonestNanos) throws InterruptedException {
    while (shard.maintain() || System.nanoTime() - soonestNanos < 0) {
      Thread.sleep(POLL_MS);
    }
  }

  /** Memory of all that the shard holds, without files. */
  long mebibytes() {
    return shard.stats().memory().memoryBytes() / MIB;
  }

  /** Compares all multivectors, as {@link #search} is measured by; the recall is 1. */
  Pass exact() {
    return pass(new SearchParams(null, true, false), true);
  }

  /** The numbers of the nearest of a query, the nearest first, as {@link #exact} found them. */
  int[] nearest(int query) {
    return nearest.get(query).stream().mapToInt(id -> (int) ((PointId.Num) id).bits()).toArray();
  }

  @Override
  public Pass search(int ef) {
    return pass(new SearchParams(ef, false, false), false);
  }

  private Pass pass(SearchParams params, boolean isExact) {
    List<List<PointId>> found = new ArrayList<>();
    double seconds;
    try (ShardLease lease = shard.lease()) {
      long start = threads.getCurrentThreadCpuTime();
      for (float[][] query : queries) {
        found.add(search(lease, query, params));
      }
      seconds = (threads.getCurrentThreadCpuTime() - start) / 1e9;
    }
    if (isExact) {
      nearest = found;
    }
    int hits = 0;
    int wanted = 0;
    for (int i = 0; i < found.size(); i++) {
      wanted += nearest.get(i).size();
      hits += (int) found.get(i).stream().filter(nearest.get(i)::contains).count();
    }
    return new Pass((double) hits / wanted, queries.size() / seconds);
  }

  private static List<PointId> search(ShardLease lease, float[][] query, SearchParams params) {
    ShardQuery asked =
        new ShardQuery(
            new Ranking.Nearest(new Vector.Multi(query)),
            "",
            null,
            params,
            VectorSet.K,
            null,
            null,
            null);
    return lease
        .search(List.of(asked), PayloadSelector.None.NONE, VectorSelector.None.NONE)
        .getFirst()
        .stream()
        .map(Hit::id)
        .toList();
  }

  @Override
  public void close() {
    shard.close();
    resources.close();
  }
}
