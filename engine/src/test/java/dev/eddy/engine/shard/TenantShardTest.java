package dev.eddy.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.checkpoint.DiskFileStore;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.FieldIndex.Type;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.FieldPredicate.MatchValue;
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
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Searches within tenants say the same whether their rows lie together, are being laid out, or lie
 * as they came: through writes, deletes, changes of tenant, declarations, drops and restarts.
 */
final class TenantShardTest {
  private static final ShardId SHARD = new ShardId(new UUID(7, 8), 3, 0);
  private static final ShardSettings SETTINGS =
      new ShardSettings(1_000, 1 << 20, 250, new DiskFileStore());
  private static final int IDS = 1_500;
  private static final int TENANTS = 12;
  private static final int DIMENSION = 8;
  private static final int K = 10;

  @TempDir Path folder;

  /** A point as it should be; several tenants or none at times. */
  private record Kept(float[] vector, List<String> tenants) {}

  private final Map<Long, Kept> oracle = new TreeMap<>();
  private final List<Update> log = new ArrayList<>();
  private Random random = new Random();
  private long meta = 10;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void answersAreExactAfterAnyHistory(long seed) throws IOException {
    random = new Random(seed);
    try (EngineResources resources = new EngineResources(2, 32 << 20, 16 << 20)) {
      Shard shard = open(resources);
      try {
        apply(shard, new Update.Genesis(SHARD.collectionId(), "c", 3, 0, spec(null), meta));
        for (int step = 0; step < 80; step++) {
          shard = step(shard, resources);
          if (step % 3 == 0) {
            check(shard, "seed %d step %d".formatted(seed, step));
          }
        }
        apply(shard, new Update.Configure(spec(true), ++meta));
        settle(shard);
        check(shard, "seed %d settled".formatted(seed));
        assertThat(layouts()).as("layouts of sealed files").isNotEmpty().doesNotContain(0L);
      } finally {
        shard.close();
      }
    }
  }

  private Shard open(EngineResources resources) throws IOException {
    return Shard.open(SHARD, new UUID(5, 5), folder, resources, SETTINGS);
  }

  private Shard step(Shard shard, EngineResources resources) throws IOException {
    switch (random.nextInt(12)) {
      case 0 -> {
        @Nullable Boolean isTenant = random.nextInt(3) == 0 ? null : random.nextInt(3) > 0;
        apply(shard, new Update.Configure(spec(isTenant), ++meta));
      }
      case 1 -> delete(shard);
      case 2 -> move(shard);
      case 3 -> settle(shard);
      case 4 -> {
        var _ = shard.checkpoint();
        shard.close();
        Shard again = open(resources);
        for (int at = (int) again.position(); at < log.size(); at++) {
          var _ = again.apply(at, log.get(at));
        }
        return again;
      }
      default -> upsert(shard);
    }
    var _ = shard.maintain();
    return shard;
  }

  /** Null = not declared. */
  private static CollectionSpec spec(@Nullable Boolean isTenant) {
    VectorParams params = new VectorParams(DIMENSION, Distance.EUCLID, null, null, null, null);
    CollectionSpec spec = ShardChecks.graphsFrom(10, CollectionSpec.of(Map.of("", params)));
    return isTenant == null
        ? spec
        : spec.withPayloadIndexes(
            new TreeMap<>(
                Map.of(
                    "a.tenant",
                    new FieldIndex(
                        Type.KEYWORD,
                        false,
                        null,
                        null,
                        null,
                        isTenant,
                        null,
                        null,
                        null,
                        null,
                        null))));
  }

  private void apply(Shard shard, Update update) {
    log.add(update);
    var _ = shard.apply(log.size() - 1, update);
  }

  private List<String> tenants() {
    List<String> tenants = new ArrayList<>();
    for (int i = random.nextInt(10) == 0 ? random.nextInt(3) : 1; i > 0; i--) {
      tenants.add("t" + random.nextInt(TENANTS));
    }
    return tenants;
  }

  private static Payload payload(List<String> tenants) {
    String names = String.join("\",\"", tenants);
    String text =
        tenants.isEmpty() ? "{\"b\":1}" : "{\"a\":{\"tenant\":[\"%s\"]}}".formatted(names);
    return new Payload(text.getBytes(StandardCharsets.UTF_8));
  }

  private float[] vector() {
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  private void upsert(Shard shard) {
    List<Point> points = new ArrayList<>();
    for (int i = 1 + random.nextInt(80); i > 0; i--) {
      long id = random.nextInt(IDS);
      Kept kept = new Kept(vector(), tenants());
      oracle.put(id, kept);
      points.add(
          new Point(PointId.of(id), Vectors.unnamed(kept.vector()), payload(kept.tenants())));
    }
    apply(shard, new Update.Upsert(points));
  }

  private void delete(Shard shard) {
    List<PointId> ids = new ArrayList<>();
    for (int i = random.nextInt(200); i > 0; i--) {
      long id = random.nextInt(IDS);
      oracle.remove(id);
      ids.add(PointId.of(id));
    }
    apply(shard, new Update.Delete(new PointSelection.Ids(ids)));
  }

  /** Rows stay where they are when their points go to another tenant. */
  private void move(Shard shard) {
    for (int i = 0; i < 5; i++) {
      long id = random.nextInt(IDS);
      Kept kept = oracle.get(id);
      if (kept != null) {
        List<String> tenants = tenants();
        oracle.put(id, new Kept(kept.vector(), tenants));
        PointSelection one = new PointSelection.Ids(List.of(PointId.of(id)));
        apply(shard, new Update.OverwritePayload(one, payload(tenants)));
      }
    }
  }

  private static void settle(Shard shard) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    // What is taken over may make more due.
    for (int quiet = 0; quiet < 3; quiet++) {
      if (shard.maintain()) {
        quiet = 0;
      }
      shard.publish();
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  /** Of the files that are searched. */
  private Set<Long> layouts() throws IOException {
    Set<Long> layouts = new HashSet<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(TenantShardTest::isSearched).toList()) {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        layouts.add(bytes.order(ByteOrder.LITTLE_ENDIAN).getLong(56));
      }
    }
    return layouts;
  }

  private static boolean isSearched(Path file) {
    return file.toString().endsWith(".segment") && file.toString().contains("/live/");
  }

  private void check(Shard shard, String where) {
    shard.publish();
    try (ShardLease lease = shard.lease()) {
      for (int i = 0; i < 5; i++) {
        String tenant = "t" + random.nextInt(TENANTS);
        float[] query = vector();
        List<Long> expected =
            oracle.entrySet().stream()
                .filter(entry -> entry.getValue().tenants().contains(tenant))
                .sorted(
                    Comparator.comparingDouble(entry -> distance(query, entry.getValue().vector())))
                .limit(K)
                .map(Map.Entry::getKey)
                .toList();
        assertThat(hits(lease, query, tenant, true)).as(where).isEqualTo(expected);
        assertThat(hits(lease, query, tenant, false)).as(where).isEqualTo(expected);
      }
      assertThat(lease.count(null)).as(where).isEqualTo(oracle.size());
    }
    assertThat(shard.audit()).as(where).isEqualTo(shard.stats().contentHash());
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < DIMENSION; i++) {
      sum += Math.pow(a[i] - b[i], 2);
    }
    return sum;
  }

  private static List<Long> hits(ShardLease lease, float[] query, String tenant, boolean isExact) {
    Filter filter =
        Filter.must(
            new Condition.Field(
                KeyPath.parse("a.tenant"),
                List.of(new FieldPredicate.Match(new MatchValue.Keyword(tenant)))));
    ShardQuery nearest =
        new ShardQuery(
            new Ranking.Nearest(new Vector.Dense(query)),
            "",
            filter,
            new SearchParams(500, isExact, false),
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
