package dev.eddy.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.HnswDiff;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.query.SearchParams;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.shard.ShardService.ShardQuery;
import dev.eddy.model.update.Update;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who asks for a good part of all points has them all compared. */
final class WideSearchTest {
  private static final ShardId SHARD = new ShardId(new UUID(7, 12), 3, 0);
  private static final long SEED = 17;
  private static final int POINTS = 3_000;
  private static final int DIMENSION = 16;

  private final Random random = new Random(SEED);

  @TempDir Path folder;

  @Test
  void aLimitNearTheNumberOfPointsIsAnsweredExactly() throws IOException {
    try (EngineResources resources = new EngineResources(2, 32 << 20, 16 << 20);
        Shard shard = Shard.open(SHARD, new UUID(5, 5), folder, resources, ShardSettings.DEFAULT)) {
      fill(shard);
      try (ShardLease lease = shard.lease()) {
        int few = 0;
        for (int i = 0; i < 10; i++) {
          float[] query = vector();
          assertThat(hits(lease, query, POINTS / 2, false))
              .as("seed %d", SEED)
              .isEqualTo(hits(lease, query, POINTS / 2, true));
          few += hits(lease, query, 10, false).equals(hits(lease, query, 10, true)) ? 1 : 0;
        }
        assertThat(few)
            .as("seed %d: the graph, which is bad, is walked for few", SEED)
            .isLessThan(10);
      }
    }
  }

  /** With so few links that a walk misses points. */
  private void fill(Shard shard) {
    HnswDiff hnsw = new HnswDiff(2, 4, null, null, null, null, null, null);
    VectorParams params = new VectorParams(DIMENSION, Distance.EUCLID, hnsw, null, null, null);
    CollectionSpec spec = ShardChecks.graphsFrom(10, CollectionSpec.of(Map.of("", params)));
    shard.apply(0, new Update.Genesis(SHARD.collectionId(), "c", 3, 0, spec, 10));
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < POINTS; i++) {
      points.add(new Point(PointId.of(i), Vectors.unnamed(vector()), Payload.EMPTY));
    }
    shard.apply(1, new Update.Upsert(points));
    ShardChecks.settle(shard);
    shard.publish();
  }

  private float[] vector() {
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  private static List<PointId> hits(ShardLease lease, float[] query, int limit, boolean isExact) {
    SearchParams params = new SearchParams(8, isExact, false);
    ShardQuery nearest = ShardQuery.nearest("", query, null, params, limit, null);
    return lease
        .search(List.of(nearest), PayloadSelector.None.NONE, VectorSelector.None.NONE)
        .getFirst()
        .stream()
        .map(hit -> hit.id())
        .toList();
  }
}
