package dev.eddy.engine.shard;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.checkpoint.DiskFileStore;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Datatype;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.HnswDiff;
import dev.eddy.model.collection.MultiVectorComparator;
import dev.eddy.model.collection.Quantization;
import dev.eddy.model.collection.Quantization.Compression;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.JsonValue.JsonLong;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.query.QuantizationSearch;
import dev.eddy.model.query.Ranking;
import dev.eddy.model.query.SearchParams;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.shard.ShardService.Hit;
import dev.eddy.model.shard.ShardService.ShardQuery;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every datatype with every distance, quantization and place, of one vector or several: what is
 * read back is what was rounded, exact searches say what arithmetic over that says, and searches by
 * graphs find nearly the same, also after a restart.
 */
final class EveryFormTest {
  private static final ShardId SHARD = new ShardId(new UUID(7, 12), 1, 0);
  private static final int DIMENSION = 32;
  private static final int POINTS = 250;
  private static final int QUERIES = 2;
  private static final int K = 10;
  private static final double NUMBER_MAX = 250;
  private static final List<String> DATATYPES = List.of("float32", "float16", "uint8", "turbo4");
  private static final Map<String, Quantization> QUANTIZATIONS =
      Map.of(
          "scalar", new Quantization.Scalar(null, null, null),
          "product", new Quantization.Product(Compression.X4, null, null),
          "binary", new Quantization.Binary(Quantization.Encoding.TWO_BITS, null, true, null),
          "turbo", new Quantization.Turbo(Quantization.Bits.FOUR, null, null));

  /** Of whole comparisons, whatever the form of what is compared first. */
  private static final double FOUND_MIN = 0.9;

  /** Of estimates alone, by what they are made of: wide codes are nearly as good as numbers. */
  private static final Map<String, Double> ESTIMATED_MIN =
      Map.of("none", 0.85, "scalar", 0.65, "product", 0.85, "binary", 0.4, "turbo", 0.65);

  /** Digits that bound ids in filters; 10 = no filter. */
  private static final List<Integer> BELOW = List.of(10, 4);

  private final Random random = new Random(5);
  private final Map<Long, Map<String, Vector>> written = new HashMap<>();

  static Stream<Arguments> forms() {
    return Arrays.stream(Distance.values())
        .flatMap(
            distance -> Stream.of(Arguments.of(distance, false), Arguments.of(distance, true)));
  }

  private static Map<String, VectorParams> names(Distance distance, boolean isMulti) {
    Map<String, @Nullable Quantization> quantizations = new TreeMap<>(QUANTIZATIONS);
    quantizations.put("none", null);
    Map<String, VectorParams> names = new TreeMap<>();
    for (String datatype : DATATYPES) {
      quantizations.forEach((called, quantization) -> {
        for (boolean isOnDisk : new boolean[] {false, true}) {
          names.put(
              "%s %s %s".formatted(datatype, called, isOnDisk ? "on disk" : "in memory"),
              new VectorParams(
                  DIMENSION,
                  distance,
                  new HnswDiff(8, 40, null, null, null, null, null, null),
                  isOnDisk,
                  null,
                  datatype,
                  isMulti ? MultiVectorComparator.MAX_SIM : null,
                  quantization));
        }
      });
    }
    return names;
  }

  private float[] row() {
    float[] row = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      row[i] = (float) (random.nextDouble() * NUMBER_MAX);
    }
    return row;
  }

  private Vector vector(boolean isMulti) {
    return isMulti
        ? new Vector.Multi(Stream.generate(this::row).limit(3).toArray(float[][]::new))
        : new Vector.Dense(row());
  }

  private static float[][] rows(Vector vector) {
    return switch (vector) {
      case Vector.Dense(float[] values) -> new float[][] {values};
      case Vector.Multi(float[][] rows) -> rows;
      case Vector.Sparse ignored -> throw new IllegalStateException();
    };
  }

  private static void settle(Shard shard) {
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (shard.maintain()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
    shard.publish();
  }

  @ParameterizedTest
  @MethodSource("forms")
  void answersAsItShould(Distance distance, boolean isMulti, @TempDir Path folder)
      throws IOException {
    // Columns of a KiB are in files already.
    ShardSettings settings =
        new ShardSettings(100, 128L << 20, 100, 1 << 20, 1 << 10, new DiskFileStore());
    Map<String, VectorParams> names = names(distance, isMulti);
    try (EngineResources resources = new EngineResources(2, 32 << 20, 16 << 20)) {
      try (Shard shard = Shard.open(SHARD, new UUID(1, 1), folder, resources, settings)) {
        shard.apply(
            0,
            new Update.Genesis(
                SHARD.collectionId(),
                "c",
                1,
                0,
                ShardChecks.graphsFrom(1, CollectionSpec.of(names)),
                1));
        shard.apply(1, new Update.Upsert(points(names.keySet(), isMulti, id -> true)));
        settle(shard);
        shard.apply(2, new Update.Delete(new PointSelection.Ids(lost())));
        shard.apply(3, new Update.Upsert(points(names.keySet(), isMulti, id -> id % 5 == 1)));
        settle(shard);
        check(shard, names, isMulti);
        shard.checkpoint();
      }
      try (Shard shard = Shard.open(SHARD, new UUID(1, 1), folder, resources, settings)) {
        settle(shard);
        check(shard, names, isMulti);
      }
    }
  }

  /** A fifth of the points go. */
  private List<PointId> lost() {
    List<PointId> ids = new ArrayList<>();
    for (long id = 0; id < POINTS; id += 5) {
      written.remove(id);
      ids.add(PointId.of(id));
    }
    return ids;
  }

  private List<Point> points(Set<String> names, boolean isMulti, LongPredicate which) {
    List<Point> points = new ArrayList<>();
    for (long id = 0; id < POINTS; id++) {
      if (!which.test(id)) {
        continue;
      }
      Map<String, Vector> vectors = new HashMap<>();
      Vector vector = vector(isMulti);
      names.forEach(name -> vectors.put(name, vector));
      written.put(id, vectors);
      points.add(new Point(PointId.of(id), new Vectors(vectors), payload(id)));
    }
    return points;
  }

  private static Payload payload(long id) {
    return Payload.of(new JsonObject(Map.of("n", new JsonLong(id % 10))));
  }

  /** Those points whose ids end with a lower digit; null = all. */
  private static @Nullable Filter below(int digit) {
    return digit == 10
        ? null
        : Filter.must(
            new Condition.Field(
                KeyPath.parse("n"),
                List.of(new FieldPredicate.Range(null, null, (double) digit, null))));
  }

  private void check(Shard shard, Map<String, VectorParams> names, boolean isMulti)
      throws IOException {
    try (ShardLease lease = shard.lease()) {
      Map<Long, Vectors> stored = new HashMap<>();
      List<PointId> ids = written.keySet().stream().map(PointId::of).toList();
      for (StoredPoint point :
          lease.retrieve(ids, PayloadSelector.None.NONE, VectorSelector.All.ALL)) {
        stored.put(number(point.id()), requireNonNull(point.vectors()));
      }
      assertThat(stored).as("points").hasSameSizeAs(written);
      Map<String, Share> estimates = new TreeMap<>();
      for (Map.Entry<String, VectorParams> each : names.entrySet()) {
        Map<Long, float[][]> rows = new HashMap<>();
        stored.forEach((id, vectors) ->
            rows.put(id, rows(requireNonNull(vectors.byName().get(each.getKey())))));
        rows.forEach((id, read) ->
            readBack(
                each.getKey(),
                each.getValue(),
                rows(requireNonNull(requireNonNull(written.get(id)).get(each.getKey()))),
                read));
        String quantization = each.getKey().split(" ")[1];
        Share estimated = estimates.computeIfAbsent(quantization, key -> new Share());
        searches(lease, each.getKey(), each.getValue(), rows, isMulti, estimated);
      }
      estimates.forEach((quantization, share) ->
          assertThat(share.part())
              .as("without comparing whole, %s", quantization)
              .isGreaterThan(requireNonNull(ESTIMATED_MIN.get(quantization))));
    }
  }

  /** How many of the hits of exact searches others found. */
  private static final class Share {
    private int found;
    private int wanted;

    double part() {
      return (double) found / wanted;
    }

    void count(List<Hit> exact, List<Hit> hits) {
      Set<PointId> wantedIds = new HashSet<>(exact.stream().map(Hit::id).toList());
      wanted += exact.size();
      found += (int) hits.stream().filter(hit -> wantedIds.contains(hit.id())).count();
    }
  }

  private static long number(PointId id) {
    return ((PointId.Num) id).bits();
  }

  /** Of the datatype's rounding; four bits a number are about a tenth off. */
  private static void readBack(String name, VectorParams params, float[][] given, float[][] read) {
    assertThat(read.length).as(name).isEqualTo(given.length);
    for (int row = 0; row < given.length; row++) {
      float[] expected = form(params, given[row]);
      double off = 0;
      double length = 0;
      for (int i = 0; i < DIMENSION; i++) {
        off += Math.pow(expected[i] - read[row][i], 2);
        length += Math.pow(expected[i], 2);
      }
      assertThat(Math.sqrt(off / length))
          .as("how far what is read back is off, %s", name)
          .isLessThan(params.type() == Datatype.TURBO4 ? 0.2 : 1e-6);
    }
  }

  private static float[] form(VectorParams params, float[] given) {
    float[] values = given.clone();
    if (params.distance() == Distance.COSINE && params.type() != Datatype.UINT8) {
      double length = Math.sqrt(-similarity(Distance.EUCLID, values, new float[DIMENSION]));
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (values[i] / length);
      }
    }
    params.type().round(values);
    return values;
  }

  private static double similarity(Distance distance, float[] a, float[] b) {
    double dot = 0;
    double squares = 0;
    double differences = 0;
    double ofA = 0;
    double ofB = 0;
    for (int i = 0; i < DIMENSION; i++) {
      dot += (double) a[i] * b[i];
      ofA += (double) a[i] * a[i];
      ofB += (double) b[i] * b[i];
      squares += Math.pow(a[i] - b[i], 2);
      differences += Math.abs(a[i] - b[i]);
    }
    return switch (distance) {
      case COSINE -> dot / Math.sqrt(ofA * ofB);
      case DOT -> dot;
      case EUCLID -> -squares;
      case MANHATTAN -> -differences;
    };
  }

  private static double similarity(VectorParams params, float[][] query, float[][] rows) {
    double sum = 0;
    for (float[] wanted : query) {
      float[] asked = form(params, wanted);
      // What rounding takes of a unit length counts; whole numbers have any length.
      Distance compared =
          params.distance() == Distance.COSINE && params.type() != Datatype.UINT8
              ? Distance.DOT
              : params.distance();
      sum +=
          Arrays.stream(rows)
              .mapToDouble(row -> similarity(compared, asked, row))
              .max()
              .orElseThrow();
    }
    return sum;
  }

  private static double score(Distance distance, double similarity) {
    return switch (distance) {
      case COSINE, DOT -> similarity;
      case EUCLID -> Math.sqrt(-similarity);
      case MANHATTAN -> -similarity;
    };
  }

  /** Without a filter, and with one. */
  private void searches(
      ShardLease lease,
      String name,
      VectorParams params,
      Map<Long, float[][]> rows,
      boolean isMulti,
      Share estimated) {
    Share found = new Share();
    for (int digit : BELOW) {
      for (int i = 0; i < QUERIES; i++) {
        Asked asked = new Asked(lease, name, vector(isMulti), below(digit));
        Map<Long, Double> similarities = new HashMap<>();
        rows.forEach((id, stored) -> {
          if (id % 10 < digit) {
            similarities.put(id, similarity(params, rows(asked.query()), stored));
          }
        });
        List<Double> best =
            similarities.values().stream().sorted(Comparator.reverseOrder()).limit(K).toList();
        List<Hit> exact = asked.hits(new SearchParams(null, true, false));
        for (int rank = 0; rank < K; rank++) {
          isScore(exact.get(rank), name, params, best.get(rank));
          isScore(exact.get(rank), name, params, similarities.get(number(exact.get(rank).id())));
        }
        List<Hit> hits = asked.hits(new SearchParams(100, false, false));
        hits.forEach(hit -> isScore(hit, name, params, similarities.get(number(hit.id()))));
        found.count(exact, hits);
        List<Hit> estimates =
            asked.hits(
                new SearchParams(
                    100, false, false, null, new QuantizationSearch(false, false, null)));
        assertThat(estimates.stream().map(hit -> number(hit.id())).toList())
            .as(name)
            .isSubsetOf(similarities.keySet())
            .doesNotHaveDuplicates();
        if (digit == 10) {
          estimated.count(exact, estimates); // So few that match are compared whole.
        }
      }
    }
    assertThat(found.part()).as("hits of exact searches, %s", name).isGreaterThan(FOUND_MIN);
  }

  private static void isScore(
      Hit hit, String name, VectorParams params, @Nullable Double similarity) {
    double score = score(params.distance(), requireNonNull(similarity));
    assertThat((double) hit.score())
        .as(name)
        .isCloseTo(score, Offset.offset(2e-4 * Math.max(1, Math.abs(score))));
  }

  private record Asked(ShardLease lease, String name, Vector query, @Nullable Filter filter) {
    List<Hit> hits(SearchParams params) {
      ShardQuery nearest =
          new ShardQuery(new Ranking.Nearest(query), name, filter, params, K, null, null, null);
      List<Hit> hits =
          lease
              .search(List.of(nearest), PayloadSelector.None.NONE, VectorSelector.None.NONE)
              .getFirst();
      assertThat(hits).as(name).hasSize(K);
      return hits;
    }
  }
}
