package dev.eddy.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.HnswConfig;
import dev.eddy.model.collection.MultiVectorComparator;
import dev.eddy.model.collection.OptimizersConfig;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.collection.WalConfig;
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
import dev.eddy.model.shard.ShardService.Hit;
import dev.eddy.model.shard.ShardService.ShardQuery;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import dev.eddy.model.usage.FilterPlans;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code full_scan_threshold} and {@code indexing_threshold} do to a shard in use. */
final class ThresholdTest {
  private static final ShardId SHARD = new ShardId(new UUID(7, 11), 1, 0);
  private static final UUID TOPIC = new UUID(1, 1);
  private static final int DIMENSION = 32;
  private static final int POINTS = 3_000;
  private static final int K = 10;

  /** So few multivectors would all be compared if searches did what costs least. */
  private static final ShardSettings SETTINGS = ShardSettings.DEFAULT.preferringRowGraphs();

  private static final int LOW = 10;
  private static final int DEFAULT = 10_000;
  private static final int HIGH = 10_001;

  private final EngineResources resources = new EngineResources(2, 32 << 20, 16 << 20);
  private final Random random = new Random(5);

  @TempDir Path folder;
  private Shard shard;
  private long metaNumber;
  private int dimension = DIMENSION;

  @BeforeEach
  void open() throws IOException {
    shard = Shard.open(SHARD, TOPIC, folder, resources, SETTINGS);
  }

  @AfterEach
  void close() {
    shard.close();
    resources.close();
  }

  private CollectionSpec spec(boolean isMulti, int fullScan, int indexing) {
    VectorParams params =
        new VectorParams(
            dimension,
            Distance.EUCLID,
            null,
            null,
            null,
            null,
            isMulti ? MultiVectorComparator.MAX_SIM : null,
            null);
    HnswConfig hnsw = new HnswConfig(8, 40, fullScan, 0, false, null, null, null);
    OptimizersConfig optimizers =
        new OptimizersConfig(0.2, 1_000, 0, null, null, indexing, 5, null, null);
    return new CollectionSpec(
        Map.of("", params),
        1,
        1,
        1,
        null,
        null,
        true,
        null,
        hnsw,
        optimizers,
        WalConfig.DEFAULT,
        null);
  }

  private void configure(CollectionSpec spec) {
    shard.apply(shard.position(), new Update.Configure(spec, ++metaNumber));
    settle();
  }

  private void begin(CollectionSpec spec, boolean isMulti) {
    shard.apply(
        shard.position(), new Update.Genesis(SHARD.collectionId(), "c", 1, 0, spec, ++metaNumber));
    upsert(POINTS, isMulti);
  }

  private void upsert(int count, boolean isMulti) {
    List<Point> points = new ArrayList<>();
    for (int id = 0; id < count; id++) {
      Vector vector =
          isMulti
              ? new Vector.Multi(new float[][] {floats(), floats()})
              : new Vector.Dense(floats());
      Payload payload = new Payload("{\"n\":%d}".formatted(id).getBytes(StandardCharsets.UTF_8));
      points.add(new Point(PointId.of(id), new Vectors(Map.of("", vector)), payload));
    }
    shard.apply(shard.position(), new Update.Upsert(points));
    settle();
  }

  private float[] floats() {
    float[] values = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private void settle() {
    shard.publish();
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (shard.maintain() || shard.stats().isOptimizing()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
    shard.publish();
  }

  private long indexed() {
    return shard.stats().indexedVectors();
  }

  private List<Hit> hits(ShardLease lease, Vector query, @Nullable Filter filter, boolean exact) {
    SearchParams params = new SearchParams(K, exact, false);
    ShardQuery asked =
        new ShardQuery(new Ranking.Nearest(query), "", filter, params, K, null, null, null);
    return lease
        .search(List.of(asked), PayloadSelector.None.NONE, VectorSelector.None.NONE)
        .getFirst();
  }

  /** Whether searches with and without a filter find what exact ones do, all of 50. */
  private boolean isExact(boolean isMulti) {
    boolean isExact = true;
    try (ShardLease lease = shard.lease()) {
      for (int i = 0; i < 50; i++) {
        float[] values = floats();
        Vector query =
            isMulti ? new Vector.Multi(new float[][] {values, floats()}) : new Vector.Dense(values);
        for (Filter filter : new @Nullable Filter[] {null, below(POINTS * 9 / 10)}) {
          isExact &= hits(lease, query, filter, false).equals(hits(lease, query, filter, true));
        }
      }
    }
    return isExact;
  }

  private static Filter below(double bound) {
    return Filter.must(
        new Condition.Field(
            KeyPath.parse("n"), List.of(new FieldPredicate.Range(null, null, bound, null))));
  }

  /** The graphs stay, and are used again as soon as the threshold is lowered. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aboveItsDefaultFullScansAreExact(boolean isMulti) throws IOException {
    begin(spec(isMulti, LOW, LOW), isMulti);
    assertThat(indexed()).isEqualTo(POINTS);
    assertThat(isExact(isMulti)).isFalse();
    configure(spec(isMulti, HIGH, DEFAULT));
    assertThat(indexed()).isEqualTo(POINTS);
    FilterPlans plans = new FilterPlans();
    assertThat(plans.<Boolean>during(() -> isExact(isMulti))).isTrue();
    assertThat(plans.attempts())
        .containsOnly(new FilterPlans.Attempt(FilterPlans.Plan.SCAN_MATCHES, false));
    restart();
    assertThat(indexed()).isEqualTo(POINTS);
    assertThat(isExact(isMulti)).isTrue();
    configure(spec(isMulti, DEFAULT, DEFAULT));
    assertThat(indexed()).isEqualTo(POINTS);
    assertThat(isExact(isMulti)).isFalse();
  }

  /** Whatever {@code full_scan_threshold} says; and a graph that is there stays. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void graphsAreMadeFromTheIndexingThresholdOn(boolean isMulti) throws IOException {
    begin(spec(isMulti, LOW, DEFAULT), isMulti);
    assertThat(indexed()).isZero();
    assertThat(isExact(isMulti)).isTrue();
    restart();
    assertThat(indexed()).isZero();
    configure(spec(isMulti, DEFAULT, LOW));
    assertThat(indexed()).isEqualTo(POINTS);
    configure(spec(isMulti, LOW, DEFAULT));
    assertThat(indexed()).isEqualTo(POINTS);
    restart();
    assertThat(indexed()).isEqualTo(POINTS);
  }

  /** Neither do writers wait for links that nobody makes. */
  @Test
  void anIndexingThresholdAboveTheDefaultCounts() {
    dimension = 1_164;
    int above = 2_250; // Of the default, by 50 rows.
    CollectionSpec spec = spec(false, DEFAULT, 2 * DEFAULT);
    shard.apply(
        shard.position(), new Update.Genesis(SHARD.collectionId(), "c", 1, 0, spec, ++metaNumber));
    upsert(above, false);
    assertThat(indexed()).isZero();
    assertThat(isExact((Filter) null)).isTrue();
    configure(spec(false, DEFAULT, DEFAULT));
    assertThat(indexed()).isEqualTo(above);
  }

  private void restart() throws IOException {
    shard.checkpoint();
    shard.close();
    shard = Shard.open(SHARD, TOPIC, folder, resources, SETTINGS);
    settle();
  }

  /** So that whoever turns indexing off to load more does not lose what is there. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void withoutIndexingGraphsStayAndNoneIsMade(boolean isMulti) throws IOException {
    begin(spec(isMulti, DEFAULT, 0), isMulti);
    assertThat(indexed()).isZero();
    restart();
    assertThat(indexed()).isZero();
    configure(spec(isMulti, DEFAULT, LOW));
    assertThat(indexed()).isEqualTo(POINTS);
    configure(spec(isMulti, DEFAULT, 0));
    assertThat(indexed()).isEqualTo(POINTS);
    restart();
    assertThat(indexed()).isEqualTo(POINTS);
  }

  /** By live vectors, or by those that match where an index knows how many do. */
  @Test
  void searchesOfAsManyAsTheFloorUseTheGraph() {
    dimension = 1_164;
    int floor = 2_199;
    CollectionSpec spec =
        spec(false, HIGH, LOW)
            .withPayloadIndexes(Map.of("n", FieldIndex.of(FieldIndex.Type.INTEGER)));
    assertThat(DenseField.exactRows(spec.hnsw(), dimension)).isEqualTo(floor);
    shard.apply(
        shard.position(), new Update.Genesis(SHARD.collectionId(), "c", 1, 0, spec, ++metaNumber));
    upsert(floor + 20, false);
    assertThat(indexed()).isEqualTo(floor + 20);

    assertThat(isScanned(below(floor))).isFalse();
    assertThat(isScanned(below(floor - 1))).isTrue();
    assertThat(isExact(null)).isFalse();
    delete(floor, floor + 20);
    assertThat(isExact(null)).isFalse();
    delete(0, 1);
    assertThat(isExact(null)).isTrue();
  }

  private void delete(int from, int to) {
    List<PointId> ids = IntStream.range(from, to).mapToObj(PointId::of).toList();
    shard.apply(shard.position(), new Update.Delete(new PointSelection.Ids(ids)));
    settle();
  }

  private boolean isScanned(Filter filter) {
    FilterPlans plans = new FilterPlans();
    boolean isExact = plans.<Boolean>during(() -> isExact(filter));
    boolean isScan =
        Set.copyOf(plans.attempts())
            .equals(Set.of(new FilterPlans.Attempt(FilterPlans.Plan.SCAN_MATCHES, false)));
    assertThat(isExact).isEqualTo(isScan);
    return isScan;
  }

  private boolean isExact(@Nullable Filter filter) {
    boolean isExact = true;
    try (ShardLease lease = shard.lease()) {
      for (int i = 0; i < 10; i++) {
        Vector query = new Vector.Dense(floats());
        isExact &= hits(lease, query, filter, false).equals(hits(lease, query, filter, true));
      }
    }
    return isExact;
  }

  /** In kilobytes of one vector's numbers, beyond the default only. */
  @Test
  void theBoundIsInRows() {
    assertThat(DenseField.exactRows(hnsw(LOW), 4)).isZero();
    assertThat(DenseField.exactRows(hnsw(DEFAULT), 4)).isZero();
    assertThat(DenseField.exactRows(hnsw(20_000), 256)).isEqualTo(20_000);
    assertThat(DenseField.exactRows(hnsw(Integer.MAX_VALUE), 1)).isEqualTo(549_755_813_632L);
  }

  private static HnswConfig hnsw(int fullScan) {
    return new HnswConfig(8, 40, fullScan, 0, false, null, null, null);
  }
}
