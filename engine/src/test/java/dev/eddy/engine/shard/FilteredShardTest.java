package dev.eddy.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.FieldIndex;
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
import dev.eddy.model.usage.FilterPlans;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Filtered searches of a whole shard with a graph, against exact answers. */
final class FilteredShardTest {
  private static final ShardId SHARD = new ShardId(new UUID(7, 8), 3, 0);
  private static final long SEED = 11;
  private static final int POINTS = 5_000;
  private static final int DIMENSION = 16;
  private static final int K = 10;

  private final Random random = new Random(SEED);
  private final float[][] rows = new float[POINTS][];

  /** A number of each point: its rank by nearness to one point, or a random one. */
  private final int[] region = new int[POINTS];

  private final int[] anywhere = new int[POINTS];

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void recallHoldsWhereverTheMatchingPointsAre(boolean isIndexed) throws IOException {
    makePoints();
    FilterPlans plans = new FilterPlans();
    try (EngineResources resources = new EngineResources(2, 32 << 20, 16 << 20);
        Shard shard = Shard.open(SHARD, new UUID(5, 5), folder, resources, ShardSettings.DEFAULT)) {
      fill(shard, isIndexed);
      try (ShardLease lease = shard.lease()) {
        for (int matching : new int[] {5, 50, 500, 2_500, 4_500}) {
          for (boolean isRegion : new boolean[] {true, false}) {
            assertThat(plans.<Double>during(() -> recall(lease, isRegion, matching)))
                .as("seed %d index %s matching %d region %s", SEED, isIndexed, matching, isRegion)
                .isGreaterThan(0.95);
          }
        }
      }
    }
    List<FilterPlans.Plan> tried =
        plans.attempts().stream().map(FilterPlans.Attempt::plan).toList();
    assertThat(tried).contains(FilterPlans.Plan.SCAN_MATCHES);
    if (!isIndexed) { // With indexes scanning rows that lie together costs as little.
      assertThat(tried).contains(FilterPlans.Plan.WALK);
    }
  }

  private float[] vector() {
    Random centre = new Random(random.nextInt(20));
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) (centre.nextGaussian() + 0.5 * random.nextGaussian());
    }
    return vector;
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < DIMENSION; i++) {
      sum += Math.pow(a[i] - b[i], 2);
    }
    return sum;
  }

  private void makePoints() {
    for (int i = 0; i < POINTS; i++) {
      rows[i] = vector();
      anywhere[i] = random.nextInt(POINTS);
    }
    List<Integer> order =
        IntStream.range(0, POINTS)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> distance(rows[0], rows[i])))
            .toList();
    for (int rank = 0; rank < POINTS; rank++) {
      region[order.get(rank)] = rank;
    }
  }

  private void fill(Shard shard, boolean isIndexed) {
    VectorParams params = new VectorParams(DIMENSION, Distance.EUCLID, null, null, null, null);
    CollectionSpec spec = ShardChecks.graphsFrom(10, CollectionSpec.of(Map.of("", params)));
    if (isIndexed) {
      FieldIndex index = FieldIndex.of(FieldIndex.Type.INTEGER);
      spec = spec.withPayloadIndexes(new TreeMap<>(Map.of("region", index, "anywhere", index)));
    }
    shard.apply(0, new Update.Genesis(SHARD.collectionId(), "c", 3, 0, spec, 10));
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < POINTS; i++) {
      String payload = "{\"region\":%d,\"anywhere\":%d}".formatted(region[i], anywhere[i]);
      points.add(
          new Point(
              PointId.of(i),
              Vectors.unnamed(rows[i]),
              new Payload(payload.getBytes(StandardCharsets.UTF_8))));
    }
    // Points written twice leave a dead slot behind.
    shard.apply(1, new Update.Upsert(points.subList(0, POINTS / 10)));
    shard.apply(2, new Update.Upsert(points));
    ShardChecks.settle(shard);
    shard.publish();
  }

  private double recall(ShardLease lease, boolean isRegion, int matching) {
    int[] numbers = isRegion ? region : anywhere;
    Filter filter =
        Filter.must(
            new Condition.Field(
                KeyPath.parse(isRegion ? "region" : "anywhere"),
                List.of(new FieldPredicate.Range(null, null, (double) matching, null))));
    int found = 0;
    int wanted = 0;
    for (int i = 0; i < 30; i++) {
      float[] query = vector();
      List<Long> exact =
          IntStream.range(0, POINTS)
              .filter(row -> numbers[row] < matching)
              .boxed()
              .sorted(Comparator.comparingDouble(row -> distance(query, rows[row])))
              .limit(K)
              .map(Integer::longValue)
              .toList();
      List<Long> hits = hits(lease, query, filter);
      assertThat(hits).allMatch(id -> numbers[id.intValue()] < matching).doesNotHaveDuplicates();
      wanted += exact.size();
      found += (int) hits.stream().filter(exact::contains).count();
    }
    return (double) found / wanted;
  }

  private static List<Long> hits(ShardLease lease, float[] query, Filter filter) {
    ShardQuery nearest =
        new ShardQuery(
            new Ranking.Nearest(new Vector.Dense(query)),
            "",
            filter,
            SearchParams.DEFAULT,
            K,
            null,
            null,
            null);
    return lease
        .search(List.of(nearest), PayloadSelector.None.NONE, VectorSelector.None.NONE)
        .getFirst()
        .stream()
        .map(hit -> ((PointId.Num) hit.id()).bits())
        .toList();
  }
}
