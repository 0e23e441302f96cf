package dev.eddy.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.segment.HeldPool;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.MultiVectorComparator;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.KeyPath;
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
import dev.eddy.model.shard.ShardService.ShardQuery;
import dev.eddy.model.update.Update;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches for what is indexed leave out points that wait, whatever they rank and filter by. */
final class IndexedOnlyShardTest {
  private static final ShardId SHARD = new ShardId(new UUID(7, 11), 3, 0);
  private static final int THREADS = 2;
  private static final int INDEXED = 3_000;
  private static final int WAITING = 60;
  private static final int DIMENSION = 16;
  private static final int K = 10;

  private final Random random = new Random(13);

  @TempDir Path folder;

  @Test
  void pointsThatWaitAreLeftOut() throws IOException {
    try (EngineResources resources = new EngineResources(THREADS, 32 << 20, 16 << 20);
        Shard shard =
            Shard.open(
                SHARD,
                new UUID(5, 5),
                folder,
                resources,
                ShardSettings.DEFAULT.preferringRowGraphs())) {
      fill(shard);
      HeldPool held = new HeldPool(resources.buildPool()).awaitHeld();
      shard.apply(2, new Update.Upsert(points(INDEXED, WAITING, 1)));
      shard.publish();
      try (held;
          ShardLease lease = shard.lease()) {
        for (String using : List.of("", "rows")) {
          for (Filter filter : Arrays.asList(null, below(INDEXED + WAITING), among())) {
            for (boolean isExact : new boolean[] {true, false}) {
              check(lease, using, filter, isExact);
            }
          }
        }
      }
    }
  }

  private void fill(Shard shard) {
    VectorParams dense = new VectorParams(DIMENSION, Distance.EUCLID, null, null, null, null);
    VectorParams rows =
        new VectorParams(
            DIMENSION,
            Distance.EUCLID,
            null,
            null,
            null,
            null,
            MultiVectorComparator.MAX_SIM,
            null);
    CollectionSpec spec =
        ShardChecks.graphsFrom(10, CollectionSpec.of(Map.of("", dense, "rows", rows)))
            .withPayloadIndexes(Map.of("number", FieldIndex.of(FieldIndex.Type.INTEGER)));
    shard.apply(0, new Update.Genesis(SHARD.collectionId(), "c", 3, 0, spec, 10));
    shard.apply(1, new Update.Upsert(points(0, INDEXED, 10)));
    ShardChecks.settle(shard);
  }

  /** Points at about this distance from the origin, where queries are. */
  private List<Point> points(int first, int count, float distance) {
    List<Point> points = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      byte[] json = "{\"number\":%d}".formatted(i).getBytes(StandardCharsets.UTF_8);
      Vectors vectors =
          new Vectors(
              Map.of(
                  "",
                  new Vector.Dense(vector(distance)),
                  "rows",
                  new Vector.Multi(new float[][] {vector(distance), vector(distance)})));
      points.add(new Point(PointId.of(i), vectors, new Payload(json)));
    }
    return points;
  }

  private float[] vector(float length) {
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) (length * random.nextGaussian());
    }
    return vector;
  }

  private static Filter below(double number) {
    return Filter.must(
        new Condition.Field(
            KeyPath.parse("number"), List.of(new FieldPredicate.Range(null, null, number, null))));
  }

  /** Points by their ids, some of which wait. */
  private static Filter among() {
    List<PointId> ids = new ArrayList<>();
    for (int i = INDEXED - 50; i < INDEXED + 50; i++) {
      ids.add(PointId.of(i));
    }
    return Filter.must(new Condition.HasId(new LinkedHashSet<>(ids)));
  }

  private void check(ShardLease lease, String using, @Nullable Filter filter, boolean isExact) {
    Vector query = new Vector.Dense(vector(0.1f));
    for (Ranking ranking :
        List.of(
            new Ranking.Nearest(query),
            new Ranking.BestScore(List.of(query), List.of()),
            new Ranking.SumScores(List.of(query), List.of()))) {
      String where = "%s %s %s exact %s".formatted(using, ranking, filter, isExact);
      assertThat(hits(lease, using, ranking, filter, new SearchParams(null, isExact, false)))
          .as(where)
          .hasSize(K)
          .allMatch(id -> id >= INDEXED);
      assertThat(hits(lease, using, ranking, filter, new SearchParams(null, isExact, true)))
          .as(where)
          .hasSize(K)
          .allMatch(id -> id < INDEXED);
    }
  }

  private static List<Long> hits(
      ShardLease lease,
      String using,
      Ranking ranking,
      @Nullable Filter filter,
      SearchParams params) {
    ShardQuery query = new ShardQuery(ranking, using, filter, params, K, null, null, null);
    return lease
        .search(List.of(query), PayloadSelector.None.NONE, VectorSelector.None.NONE)
        .getFirst()
        .stream()
        .map(hit -> ((PointId.Num) hit.id()).bits())
        .toList();
  }
}
