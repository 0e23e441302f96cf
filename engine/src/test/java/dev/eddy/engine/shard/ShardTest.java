package dev.eddy.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.engine.checkpoint.DiskFileStore;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Datatype;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.HnswDiff;
import dev.eddy.model.collection.SparseVectorParams;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.FieldPredicate.MatchValue;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.query.SearchParams;
import dev.eddy.model.shard.ShardException;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.shard.ShardService.Hit;
import dev.eddy.model.shard.ShardService.ShardQuery;
import dev.eddy.model.shard.StorageBytes;
import dev.eddy.model.update.BrokenChain;
import dev.eddy.model.update.Origin;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import dev.eddy.model.update.UpdateMode;
import dev.eddy.model.update.Verdict;
import dev.eddy.model.usage.HardwareUsage;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShardTest {
  private static final ShardId SHARD = new ShardId(new UUID(7, 7), 3, 0);
  private static final UUID TOPIC = new UUID(5, 5);
  private static EngineResources resources;

  @TempDir Path folder;
  private long offset;

  @BeforeAll
  static void openResources() {
    resources = new EngineResources(2, 32 << 20, 16 << 20);
  }

  @AfterAll
  static void closeResources() {
    resources.close();
  }

  private Shard open() throws IOException {
    return open(ShardSettings.DEFAULT);
  }

  private Shard open(ShardSettings settings) throws IOException {
    return Shard.open(SHARD, TOPIC, folder, resources, settings);
  }

  private Shard withGenesis(Distance distance, int dimension) throws IOException {
    Shard shard = open();
    apply(shard, genesis(CollectionSpec.of(Map.of("", VectorParams.of(dimension, distance))), 10));
    return shard;
  }

  private static Update.Genesis genesis(CollectionSpec spec, long metaNumber) {
    return new Update.Genesis(
        SHARD.collectionId(), "c", SHARD.generation(), SHARD.shard(), spec, metaNumber);
  }

  private Verdict apply(Shard shard, Update update) {
    return shard.apply(offset++, update);
  }

  private static Point point(long id, String json, float... values) {
    return new Point(
        PointId.of(id),
        Vectors.unnamed(values),
        new Payload(json.getBytes(StandardCharsets.UTF_8)));
  }

  private static Update upsert(Point... points) {
    return new Update.Upsert(List.of(points));
  }

  private static List<Long> search(
      ShardLease lease, @Nullable Filter filter, boolean exact, int limit, float... vector) {
    ShardQuery query =
        ShardQuery.nearest("", vector, filter, new SearchParams(null, exact, false), limit, null);
    return lease
        .search(List.of(query), PayloadSelector.None.NONE, VectorSelector.None.NONE)
        .getFirst()
        .stream()
        .map(Hit::id)
        .map(id -> ((PointId.Num) id).bits())
        .toList();
  }

  @Test
  void numbersTellWhatVectorsAndPayloadsTake() throws IOException {
    try (Shard shard = withGenesis(Distance.EUCLID, 2)) {
      String large = "{\"text\":\"" + "x".repeat(100_000) + "\"}";
      for (long id = 1; id <= 5; id++) {
        apply(shard, upsert(point(id, large, 1, 1)));
      }
      shard.publish();
      var _ = shard.maintain();
      StorageBytes storage = shard.stats().storage();
      assertThat(storage.vectors()).isEqualTo(5 * 2 * Float.BYTES);
      assertThat(storage.payloads()).isBetween(500_000L, 1_500_000L);
    }
  }

  @Test
  void aSearchTellsWhatItComparedAndRead() throws IOException {
    try (Shard shard = withGenesis(Distance.EUCLID, 2)) {
      apply(
          shard,
          upsert(
              point(1, "{\"a\":1}", 1, 1),
              point(2, "{\"b\":22}", 2, 2),
              point(3, "{\"c\":333}", 3, 3)));
      ShardQuery query =
          ShardQuery.nearest(
              "", new float[] {1, 1}, null, new SearchParams(null, true, false), 2, null);
      HardwareUsage usage = new HardwareUsage();
      try (ShardLease lease = published(shard)) {
        var hits =
            usage.during(() ->
                lease.search(List.of(query), PayloadSelector.All.ALL, VectorSelector.None.NONE));
        assertThat(hits.getFirst()).hasSize(2);
      }
      assertThat(usage.get(HardwareUsage.Part.CPU)).isEqualTo(3 * 2 * Float.BYTES);
      assertThat(usage.get(HardwareUsage.Part.PAYLOAD_READ))
          .isEqualTo("{\"a\":1}{\"b\":22}".length());
      // A growing segment is no file.
      assertThat(usage.get(HardwareUsage.Part.VECTOR_READ)).isZero();
    }
  }

  @Test
  void aLeaseShowsOneMoment() throws IOException {
    try (Shard shard = withGenesis(Distance.EUCLID, 2)) {
      shard.publish();
      apply(shard, upsert(point(1, "{\"a\":1}", 1, 0), point(2, "{}", 2, 0)));
      try (ShardLease unpublished = shard.lease()) {
        assertThat(unpublished.count(null)).isZero();
      }
      shard.publish();
      try (ShardLease before = shard.lease()) {
        apply(shard, upsert(point(1, "{\"a\":2}", 5, 5), point(3, "{}", 0, 0)));
        apply(shard, new Update.Delete(new PointSelection.Ids(List.of(PointId.of(2)))));
        PointSelection one = new PointSelection.Ids(List.of(PointId.of(1)));
        apply(
            shard,
            new Update.SetPayload(
                one, new Payload("{\"b\":1}".getBytes(StandardCharsets.UTF_8)), null));
        shard.publish();
        assertThat(before.position()).isEqualTo(2);
        assertThat(before.count(null)).isEqualTo(2);
        assertThat(search(before, null, true, 9, 0, 0)).containsExactly(1L, 2L);
        StoredPoint old =
            before
                .retrieve(
                    List.of(PointId.of(1), PointId.of(1), PointId.of(3)),
                    PayloadSelector.All.ALL,
                    VectorSelector.All.ALL)
                .getFirst();
        assertThat(old)
            .hasToString(
                new StoredPoint(
                        PointId.of(1),
                        1,
                        new Payload("{\"a\":1}".getBytes(StandardCharsets.UTF_8)),
                        Vectors.unnamed(1, 0))
                    .toString());
      }
      try (ShardLease after = shard.lease()) {
        assertThat(search(after, null, true, 9, 0, 0)).containsExactly(3L, 1L);
        assertThat(
                after
                    .retrieve(
                        List.of(PointId.of(1)), PayloadSelector.All.ALL, VectorSelector.None.NONE)
                    .getFirst()
                    .payload())
            .hasToString("{\"a\":2,\"b\":1}");
      }
    }
  }

  @Test
  void aLeaseOutlivesItsShard() throws IOException {
    Shard shard = withGenesis(Distance.DOT, 2);
    apply(shard, upsert(point(1, "{\"a\":1}", 1, 0)));
    shard.publish();
    ShardLease lease = shard.lease();
    shard.close();
    assertThat(search(lease, null, false, 1, 1, 1)).containsExactly(1L);
    lease.close();
    assertThatThrownBy(() -> search(lease, null, false, 1, 1, 1))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(shard::lease).isInstanceOf(ShardException.class);
  }

  @Test
  void fetchingAnotherVersionIsALostLease() throws IOException {
    try (Shard shard = withGenesis(Distance.DOT, 2)) {
      apply(shard, upsert(point(1, "{}", 1, 0)));
      shard.publish();
      try (ShardLease lease = shard.lease()) {
        assertThat(
                lease.fetch(
                    List.of(PointId.of(1)),
                    List.of(1L),
                    PayloadSelector.All.ALL,
                    VectorSelector.None.NONE))
            .hasSize(1);
        assertThatThrownBy(() ->
                lease.fetch(
                    List.of(PointId.of(1)),
                    List.of(2L),
                    PayloadSelector.All.ALL,
                    VectorSelector.None.NONE))
            .isInstanceOfSatisfying(
                ShardException.class,
                e -> assertThat(e.reason()).isEqualTo(ShardException.Reason.LEASE_LOST));
      }
    }
  }

  @Test
  void equalScoresAreOrderedById() throws IOException {
    for (Distance distance : List.of(Distance.DOT, Distance.EUCLID)) {
      folder = folder.resolve(distance.name());
      offset = 0;
      try (Shard shard = withGenesis(distance, 2)) {
        for (long id : new long[] {5, 1, 9, 3, 7}) {
          apply(shard, upsert(point(id, "{}", 1, 1)));
        }
        shard.publish();
        try (ShardLease lease = shard.lease()) {
          for (boolean exact : new boolean[] {true, false}) {
            assertThat(search(lease, null, exact, 3, 1, 1))
                .isEqualTo(distance == Distance.DOT ? List.of(9L, 7L, 5L) : List.of(1L, 3L, 5L));
          }
        }
      }
    }
  }

  @Test
  void wrongQueriesNameWhatIsWrong() throws IOException {
    try (Shard shard = withGenesis(Distance.DOT, 2);
        ShardLease lease = published(shard)) {
      assertThatThrownBy(() -> search(lease, null, false, 1, 1, 1, 1))
          .isInstanceOf(EddyException.class)
          .hasMessage("Wrong input: Vector dimension error: expected dim: 2, got 3");
    }
  }

  private static ShardLease published(Shard shard) {
    shard.publish();
    return shard.lease();
  }

  /** Large enough for a graph and for every strategy; brute force is the judge. */
  @Test
  void filteredSearchFindsWhatAScanFinds() throws Exception {
    CollectionSpec spec = CollectionSpec.of(Map.of("", VectorParams.of(8, Distance.COSINE)));
    Random random = new Random(11);
    try (Shard shard = open(new ShardSettings(16, 4_000, 1 << 20, new DiskFileStore()))) {
      apply(shard, genesis(spec, 1));
      for (int i = 0; i < 6_000; i++) {
        float[] values = new float[8];
        for (int j = 0; j < 8; j++) {
          values[j] = random.nextFloat() - 0.5f;
        }
        apply(shard, upsert(point(i, "{\"n\":%d,\"half\":%d}".formatted(i, i % 2), values)));
      }
      try (ShardLease lease = published(shard)) {
        for (String half : List.of("half", "n")) {
          Filter filter =
              Filter.must(
                  new Condition.Field(
                      KeyPath.parse(half),
                      List.of(new FieldPredicate.Match(new MatchValue.Whole(1)))));
          int found = 0;
          int wanted = 0;
          for (int i = 0; i < 20; i++) {
            float[] query = new float[8];
            query[i % 8] = 1;
            query[(i + 3) % 8] = random.nextFloat();
            List<Long> expected = search(lease, filter, true, 10, query);
            List<Long> hits = search(lease, filter, false, 10, query);
            assertThat(hits).as(half).hasSameSizeAs(expected).doesNotHaveDuplicates();
            wanted += expected.size();
            found += (int) expected.stream().filter(hits::contains).count();
          }
          assertThat((double) found / wanted).as("recall on " + half).isGreaterThan(0.95);
        }
        assertThat(
                search(
                    lease,
                    Filter.must(new Condition.HasId(Set.of(PointId.of(17)))),
                    false,
                    5,
                    1,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0))
            .containsExactly(17L);
      }
    }
  }

  @Test
  void nothingIsAppliedBeforeGenesisOrToAnotherShard() throws IOException {
    try (Shard shard = open()) {
      assertThat(apply(shard, upsert(point(1, "{}", 1)))).isInstanceOf(Verdict.Rejected.class);
      CollectionSpec spec = CollectionSpec.of(Map.of("", VectorParams.of(1, Distance.DOT)));
      Update foreign = new Update.Genesis(new UUID(9, 9), "c", 3, 0, spec, 1);
      assertThat(apply(shard, foreign)).isInstanceOf(Verdict.Rejected.class);
      assertThat(apply(shard, genesis(spec, 1))).isEqualTo(Verdict.Applied.APPLIED);
      assertThat(apply(shard, foreign)).isInstanceOf(Verdict.Rejected.class);
      assertThat(apply(shard, upsert(point(1, "{}", 1)))).isEqualTo(Verdict.Applied.APPLIED);
      try (ShardLease lease = published(shard)) {
        assertThat(lease.count(null)).isEqualTo(1);
        assertThat(lease.spec()).contains(spec);
      }
    }
  }

  @Test
  void onlyANewerConfigurationCounts() throws IOException {
    CollectionSpec spec = CollectionSpec.of(Map.of("", VectorParams.of(1, Distance.DOT)));
    CollectionSpec replicated = spec.distributed(1, 2);
    try (Shard shard = open()) {
      apply(shard, genesis(spec, 10));
      apply(shard, new Update.Configure(replicated, 10));
      try (ShardLease lease = published(shard)) {
        assertThat(lease.spec()).contains(spec);
      }
      apply(shard, new Update.Configure(replicated, 11));
      shard.checkpoint();
    }
    try (Shard shard = open();
        ShardLease lease = shard.lease()) {
      assertThat(lease.spec()).contains(replicated);
    }
  }

  @Test
  void numbersThatAreNotFiniteAreRefusedAndChangeNothing() throws IOException {
    try (Shard shard = withGenesis(Distance.EUCLID, 2)) {
      Verdict verdict = apply(shard, upsert(point(1, "{}", 1, 1), point(2, "{}", 1, Float.NaN)));
      assertThat(verdict)
          .isEqualTo(
              new Verdict.Rejected(
                  ErrorCode.WRONG_INPUT,
                  "Wrong input: vector ''[1]: value NaN invalid, must be a finite number"));
      try (ShardLease lease = published(shard)) {
        assertThat(lease.count(null)).isZero();
      }
    }
  }

  @Test
  void verdictsAreKnownOnceAndAsLongAsTheyAre() throws IOException {
    ShardSettings two = new ShardSettings(2, 4_000, 1_000, new DiskFileStore());
    PointSelection missing = new PointSelection.Ids(List.of(PointId.of(404)));
    try (Shard shard = open(two)) {
      apply(shard, genesis(CollectionSpec.of(Map.of()), 1));
      assertThat(shard.verdictAt(0)).isEqualTo(VerdictAnswer.NotYet.NOT_YET);
      for (int i = 0; i < 3; i++) {
        apply(shard, new Update.ClearPayload(missing));
        apply(shard, new Update.Noop());
      }
      shard.publish();
      shard.checkpoint();
    }
    try (Shard shard = open(two)) {
      assertThat(shard.verdictAt(0)).isEqualTo(VerdictAnswer.Unknown.UNKNOWN);
      assertThat(shard.verdictAt(1)).isEqualTo(VerdictAnswer.Unknown.UNKNOWN);
      assertThat(shard.verdictAt(2)).isEqualTo(new VerdictAnswer.Known(Verdict.Applied.APPLIED));
      assertThat(shard.verdictAt(5))
          .isEqualTo(
              new VerdictAnswer.Known(
                  new Verdict.Rejected(
                      ErrorCode.NOT_FOUND, "Not found: No point with id 404 found")));
      assertThat(shard.verdictAt(7)).isEqualTo(VerdictAnswer.NotYet.NOT_YET);
    }
  }

  @Test
  void aMissingIdLeavesEarlierChunksApplied() throws IOException {
    try (Shard shard = withGenesis(Distance.DOT, 1)) {
      List<PointId> ids = new ArrayList<>();
      for (int i = 0; i < 80; i++) {
        apply(shard, upsert(point(i, "{\"a\":1}", 1)));
        ids.add(PointId.of(i));
      }
      ids.set(40, PointId.of(1_000));
      Verdict verdict = apply(shard, new Update.ClearPayload(new PointSelection.Ids(ids)));
      assertThat(verdict)
          .isEqualTo(
              new Verdict.Rejected(ErrorCode.NOT_FOUND, "Not found: No point with id 1000 found"));
      try (ShardLease lease = published(shard)) {
        Filter cleared = Filter.must(new Condition.IsEmpty(KeyPath.parse("a")));
        List<StoredPoint> changed =
            lease.scroll(null, 100, cleared, PayloadSelector.None.NONE, VectorSelector.None.NONE);
        assertThat(changed.getFirst().id()).isEqualTo(PointId.of(0));
        // The chunk of the missing id is taken to its end, the one behind it is not begun.
        assertThat(changed).hasSize(63);
      }
    }
  }

  @Test
  void aBrokenChainIsReportedOncePerSourceAndHeals() throws IOException {
    UUID inbox = new UUID(2, 2);
    try (Shard shard = withGenesis(Distance.DOT, 1)) {
      apply(shard, fromInbox(new Origin(inbox, 0, 4, -1)));
      apply(shard, fromInbox(new Origin(inbox, 0, 9, 7)));
      apply(shard, fromInbox(new Origin(inbox, 0, 10, 9)));
      assertThat(shard.takeBrokenChains()).containsExactly(new BrokenChain(inbox, 0, 7, 4));
      assertThat(shard.takeBrokenChains()).isEmpty();
      apply(shard, fromInbox(new Origin(inbox, 0, 4, -1)));
      apply(shard, fromInbox(new Origin(inbox, 0, 7, 4)));
      shard.publish();
      assertThat(shard.stats().brokenChains()).isEqualTo(2);
      assertThat(shard.stats().ignoredRepeats()).isEqualTo(1);
      assertThat(shard.takeBrokenChains()).isEmpty();
    }
  }

  private static Update fromInbox(Origin origin) {
    Point point = point(origin.offset(), "{}", 1);
    return new Update.FromInbox(List.of(new Update.InboxChange(origin, point.id(), point)));
  }

  @Test
  void anotherLogIsRefused() throws IOException {
    try (Shard shard = withGenesis(Distance.DOT, 1)) {
      shard.checkpoint();
    }
    assertThatThrownBy(
            () -> Shard.open(SHARD, new UUID(6, 6), folder, resources, ShardSettings.DEFAULT))
        .isInstanceOf(LogMismatchException.class)
        .hasMessageContaining(TOPIC.toString())
        .hasMessageContaining(new UUID(6, 6).toString());
  }

  @Test
  void gapsMoveThePositionAndAreCovered() throws IOException {
    try (Shard shard = withGenesis(Distance.DOT, 1)) {
      shard.advance(50, 4);
      shard.advance(30, 4);
      shard.publish();
      try (ShardLease lease = shard.lease()) {
        assertThat(lease.position()).isEqualTo(50);
      }
      CheckpointInfo info = shard.checkpoint();
      assertThat(info.position()).isEqualTo(50);
    }
    try (Shard shard = open()) {
      assertThat(shard.position()).isEqualTo(50);
      assertThat(shard.leaderEpoch()).isEqualTo(4);
    }
  }

  @Test
  void anotherGraphIsBuiltWhileTheShardServes() throws IOException {
    try (Shard shard = open()) {
      apply(shard, genesis(ofGraph(0), 1));
      for (long id = 0; id < 500; id++) {
        apply(shard, upsert(point(id, "{}", id, 1)));
      }
      settle(shard);
      assertThat(shard.stats().indexedVectors()).isZero();
      apply(shard, new Update.Configure(ofGraph(6), 2));
      settle(shard);
      assertThat(shard.stats().indexedVectors()).isEqualTo(500);
      apply(shard, new Update.Configure(ofGraph(12), 3));
      settle(shard);
      assertThat(shard.stats().indexedVectors()).isEqualTo(500);
      try (ShardLease lease = shard.lease()) {
        assertThat(search(lease, null, false, 2, 77, 1)).first().isEqualTo(77L);
      }
    }
  }

  @Test
  void vectorsOfFourBitsANumberAreRoundedOnceAndFoundByWhatTheyWere() throws IOException {
    int dimension = 64;
    VectorParams params =
        new VectorParams(dimension, Distance.COSINE, null, null, null, Datatype.TURBO4.apiName());
    Random random = new Random(5);
    float[][] rows = new float[300][dimension];
    try (Shard shard = open()) {
      apply(shard, genesis(CollectionSpec.of(Map.of("", params)), 1));
      for (int id = 0; id < rows.length; id++) {
        for (int i = 0; i < dimension; i++) {
          rows[id][i] = (float) random.nextGaussian();
        }
        apply(shard, upsert(point(id, "{}", rows[id])));
      }
      shard.publish();
      assertThat(shard.stats().contentHash()).isEqualTo(shard.audit());
      try (ShardLease lease = shard.lease()) {
        for (int id = 0; id < rows.length; id++) {
          assertThat(search(lease, null, false, 1, rows[id])).containsExactly((long) id);
        }
      }
      String before = shard.stats().contentHash();
      var _ = shard.checkpoint();
      shard.close();
      try (Shard again = open()) {
        assertThat(again.audit()).isEqualTo(before);
      }
    }
  }

  @Test
  void whatIsConfiguredAsBeforeIsNotBuiltAnew() throws IOException {
    HnswDiff hnsw = new HnswDiff(8, 40, null, null, null, null, null, null);
    VectorParams params = new VectorParams(2, Distance.EUCLID, hnsw, true, null, null);
    CollectionSpec spec = ShardChecks.graphsFrom(1, CollectionSpec.of(Map.of("", params)));
    try (Shard shard = open()) {
      apply(shard, genesis(spec, 1));
      for (long id = 0; id < 500; id++) {
        apply(shard, upsert(point(id, "{}", id, 1)));
      }
      settle(shard);
      apply(shard, new Update.Configure(spec, 2));
      shard.publish();
      assertThat(shard.maintain()).isFalse();
    }
  }

  /** Links even few points. */
  private static CollectionSpec ofGraph(int m) {
    HnswDiff hnsw = new HnswDiff(m, 40, null, null, null, null, null, null);
    return ShardChecks.graphsFrom(
        1,
        CollectionSpec.of(
            Map.of("", new VectorParams(2, Distance.EUCLID, hnsw, null, null, null))));
  }

  private static void settle(Shard shard) {
    shard.publish();
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    // What is due is only begun by the first call after the last background work.
    int quiet = 0;
    while (quiet < 2) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      quiet = shard.maintain() ? 0 : quiet + 1;
    }
  }

  @Test
  void aNameThatGoesTakesItsVectorsAndMayComeBackAsSomethingElse() throws IOException {
    Map<String, VectorParams> both =
        Map.of("", VectorParams.of(2, Distance.DOT), "v", VectorParams.of(3, Distance.COSINE));
    CollectionSpec first = CollectionSpec.of(both);
    CollectionSpec without = CollectionSpec.of(Map.of("", VectorParams.of(2, Distance.DOT)));
    Map<String, VectorParams> other =
        Map.of("", VectorParams.of(2, Distance.DOT), "v", VectorParams.of(1, Distance.DOT));
    try (Shard shard = open()) {
      apply(shard, genesis(first, 1));
      for (long id = 0; id < 40; id++) {
        Map<String, Vector> vectors = new java.util.TreeMap<>();
        vectors.put("", new Vector.Dense(new float[] {id, 1}));
        if (id % 3 == 0) {
          vectors.put("v", new Vector.Dense(new float[] {1, id, 2}));
        }
        apply(
            shard,
            new Update.Upsert(
                List.of(new Point(PointId.of(id), new Vectors(vectors), Payload.EMPTY))));
      }
      shard.publish();
      String before = shard.stats().contentHash();
      try (ShardLease held = shard.lease()) {
        apply(shard, new Update.Configure(without, 2));
        shard.publish();
        assertThat(shard.stats().contentHash()).isEqualTo(shard.audit()).isNotEqualTo(before);
        assertThat(withVector(shard, "v")).isZero();
        assertThat(shard.stats().points()).isEqualTo(40);
        // Who reads an earlier moment still does.
        assertThat(held.count(Filter.must(new Condition.HasVector("v")))).isEqualTo(14);
        apply(shard, new Update.Configure(CollectionSpec.of(other), 3));
        apply(shard, inboxPoint(7, "v", 5));
      }
      apply(shard, inboxPoint(8, "gone", 5));
      shard.publish();
      assertThat(withVector(shard, "v")).isEqualTo(1);
      assertThat(shard.stats().contentHash()).isEqualTo(shard.audit());
      var _ = shard.checkpoint();
    }
    try (Shard shard = open()) {
      assertThat(withVector(shard, "v")).isEqualTo(1);
      assertThat(shard.stats().contentHash()).isEqualTo(shard.audit());
      assertThat(shard.stats().points()).isEqualTo(40);
    }
  }

  @Test
  void aNameOfSparseVectorsComesToALiveShardAlsoInTheNameOfDenseOnes() throws IOException {
    CollectionSpec first = CollectionSpec.of(Map.of("v", VectorParams.of(1, Distance.DOT)));
    CollectionSpec sparse =
        CollectionSpec.of(Map.of())
            .withSparseVectors(
                Map.of("v", SparseVectorParams.DEFAULT, "s", SparseVectorParams.DEFAULT));
    try (Shard shard = open()) {
      apply(shard, genesis(first, 1));
      apply(shard, inboxPoint(1, "v", 5));
      apply(shard, new Update.Configure(sparse, 2));
      shard.publish();
      assertThat(withVector(shard, "v")).isZero();
      Vector tokens = new Vector.Sparse(new int[] {3, 9}, new float[] {1, 2});
      Point point =
          new Point(PointId.of(2), new Vectors(Map.of("v", tokens, "s", tokens)), Payload.EMPTY);
      assertThat(apply(shard, new Update.Upsert(List.of(point))))
          .isEqualTo(Verdict.Applied.APPLIED);
      shard.publish();
      assertThat(shard.stats().contentHash()).isEqualTo(shard.audit());
      var _ = shard.checkpoint();
    }
    try (Shard shard = open()) {
      assertThat(withVector(shard, "v")).isEqualTo(1);
      assertThat(withVector(shard, "s")).isEqualTo(1);
      assertThat(shard.stats().points()).isEqualTo(2);
      assertThat(shard.stats().contentHash()).isEqualTo(shard.audit());
    }
  }

  private static long withVector(Shard shard, String name) {
    try (ShardLease lease = shard.lease()) {
      return lease.count(Filter.must(new Condition.HasVector(name)));
    }
  }

  /** With a vector of one number. */
  private static Update inboxPoint(long id, String name, float number) {
    Point point =
        new Point(
            PointId.of(id),
            new Vectors(Map.of(name, new Vector.Dense(new float[] {number}))),
            Payload.EMPTY);
    return new Update.FromInbox(
        List.of(new Update.InboxChange(new Origin(new UUID(9, id), 0, 1, -1), point.id(), point)));
  }

  @Test
  void conditionsAreJudgedBeforeAnyPointIsWritten() throws IOException {
    try (Shard shard = withGenesis(Distance.DOT, 2)) {
      apply(shard, new Update.Upsert(List.of(numbered(1, 1), numbered(2, 2))));
      Filter isOne =
          Filter.must(
              new Condition.Field(
                  KeyPath.parse("n"), List.of(new FieldPredicate.Match(new MatchValue.Whole(1)))));
      // Point 1 matches, so both of its forms are in, though the first makes it match no more.
      apply(
          shard,
          new Update.Conditional(
              new Update.Upsert(
                  List.of(numbered(1, 5), numbered(1, 6), numbered(2, 7), numbered(3, 8))),
              UpdateMode.UPSERT,
              isOne));
      assertThat(numbers(shard)).isEqualTo(Map.of(1L, "6", 2L, "2", 3L, "8"));
      apply(
          shard,
          new Update.Conditional(
              new Update.Upsert(List.of(numbered(1, 9), numbered(4, 4), numbered(4, 5))),
              UpdateMode.INSERT_ONLY,
              null));
      assertThat(numbers(shard)).isEqualTo(Map.of(1L, "6", 2L, "2", 3L, "8", 4L, "5"));
      apply(
          shard,
          new Update.Conditional(
              new Update.Upsert(List.of(numbered(2, 3), numbered(7, 7))),
              UpdateMode.UPDATE_ONLY,
              null));
      assertThat(numbers(shard)).isEqualTo(Map.of(1L, "6", 2L, "3", 3L, "8", 4L, "5"));
    }
  }

  private static Point numbered(long id, long number) {
    return new Point(
        PointId.of(id),
        Vectors.unnamed(1, number),
        new Payload("{\"n\":%d}".formatted(number).getBytes(StandardCharsets.UTF_8)));
  }

  private static Map<Long, String> numbers(Shard shard) {
    shard.publish();
    Map<Long, String> numbers = new java.util.TreeMap<>();
    try (ShardLease lease = shard.lease()) {
      for (StoredPoint point :
          lease.scroll(null, 100, null, PayloadSelector.All.ALL, VectorSelector.None.NONE)) {
        Payload payload = point.payload();
        numbers.put(
            ((PointId.Num) point.id()).bits(),
            payload == null
                ? ""
                : new String(payload.json(), StandardCharsets.UTF_8).replaceAll("[^0-9]", ""));
      }
    }
    return numbers;
  }
}
