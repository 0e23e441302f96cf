package dev.eddy.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonDouble;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.query.Expression;
import dev.eddy.model.query.OrderValue;
import dev.eddy.model.query.Ordering;
import dev.eddy.model.query.Ranking;
import dev.eddy.model.query.SearchParams;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.shard.ShardService.Candidates;
import dev.eddy.model.shard.ShardService.Hit;
import dev.eddy.model.shard.ShardService.ShardQuery;
import dev.eddy.model.update.Update;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rankings of every kind against what the contract's words give in doubles. */
final class RankingTest {
  private static final ShardId SHARD = new ShardId(new UUID(7, 8), 3, 0);
  private static final int POINTS = 600;
  private static EngineResources resources;

  @TempDir Path folder;

  @BeforeAll
  static void openResources() {
    resources = new EngineResources(2, 32 << 20, 16 << 20);
  }

  @AfterAll
  static void closeResources() {
    resources.close();
  }

  private interface Body {
    void run(ShardLease lease, Map<Long, float[]> stored, Random random) throws IOException;
  }

  /** A shard of random points, some without a vector, for every distance. */
  private void forEachDistance(Body body) throws IOException {
    for (Distance distance : Distance.values()) {
      long seed = 17 + distance.ordinal();
      Random random = new Random(seed);
      Map<Long, float[]> stored = new java.util.TreeMap<>();
      Path place = folder.resolve(distance.name());
      try (Shard shard =
          Shard.open(SHARD, new UUID(5, 5), place, resources, ShardSettings.DEFAULT)) {
        CollectionSpec spec = CollectionSpec.of(Map.of("", VectorParams.of(3, distance)));
        shard.apply(0, new Update.Genesis(SHARD.collectionId(), "c", 3, 0, spec, 10));
        List<Point> points = new ArrayList<>();
        for (long id = 0; id < POINTS; id++) {
          float[] values = vector(random);
          boolean hasVector = random.nextInt(20) != 0;
          if (hasVector) {
            stored.put(id, distance == Distance.COSINE ? normalized(values) : values);
          }
          points.add(
              new Point(
                  PointId.of(id),
                  hasVector ? Vectors.unnamed(values) : Vectors.NONE,
                  new Payload(
                      ("{\"n\":" + id + ",\"odd\":" + (id % 2 == 1) + "}")
                          .getBytes(StandardCharsets.UTF_8))));
        }
        shard.apply(1, new Update.Upsert(points));
        shard.publish();
        try (ShardLease lease = shard.lease()) {
          this.distance = distance;
          body.run(lease, stored, random);
        }
      }
    }
  }

  private Distance distance = Distance.DOT;

  private static float[] vector(Random random) {
    return new float[] {
      (float) random.nextGaussian(), (float) random.nextGaussian(), (float) random.nextGaussian()
    };
  }

  private static float[] normalized(float[] values) {
    double length = Math.sqrt(dot(values, values));
    float[] unit = new float[values.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (values[i] / length);
    }
    return unit;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private double similarity(float[] example, float[] stored) {
    double sum = 0;
    for (int i = 0; i < stored.length; i++) {
      double difference = (double) example[i] - stored[i];
      sum -= distance == Distance.EUCLID ? difference * difference : Math.abs(difference);
    }
    return switch (distance) {
      case COSINE -> dot(normalized(example), stored);
      case DOT -> dot(example, stored);
      case EUCLID, MANHATTAN -> sum;
    };
  }

  private static double squashed(double x) {
    return x / (1 + Math.abs(x));
  }

  private static double toUnit(double x) {
    return (squashed(x) + 1) / 2;
  }

  private static Vector dense(float[] values) {
    return new Vector.Dense(values);
  }

  private static ShardQuery query(
      Ranking ranking, @Nullable Filter filter, int limit, @Nullable Candidates candidates) {
    return new ShardQuery(ranking, "", filter, SearchParams.DEFAULT, limit, null, candidates, null);
  }

  private static List<Hit> hits(ShardLease lease, ShardQuery query) {
    return lease
        .search(List.of(query), PayloadSelector.None.NONE, VectorSelector.None.NONE)
        .getFirst();
  }

  private static long id(Hit hit) {
    return ((PointId.Num) hit.id()).bits();
  }

  /** All hits have their scores, and they are the best ones there are. */
  private static void check(
      List<Hit> hits, Map<Long, float[]> stored, int limit, ToDoubleFunction<float[]> score) {
    List<Double> best =
        stored.values().stream()
            .map(score::applyAsDouble)
            .sorted(Comparator.reverseOrder())
            .limit(limit)
            .toList();
    assertThat(hits).hasSize(best.size());
    assertThat(hits.stream().map(RankingTest::id).collect(Collectors.toSet())).hasSize(best.size());
    for (int i = 0; i < best.size(); i++) {
      double tolerance = 1e-4 * (1 + Math.abs(best.get(i)));
      assertThat((double) hits.get(i).score()).isCloseTo(best.get(i), within(tolerance));
      assertThat(score.applyAsDouble(stored.get(id(hits.get(i)))))
          .isCloseTo(hits.get(i).score(), within(tolerance));
    }
  }

  @Test
  void scoresOfSeveralExamplesAreThoseOfTheContract() throws IOException {
    forEachDistance((lease, stored, random) -> {
      float[] p = vector(random);
      float[] q = vector(random);
      float[] n = vector(random);
      List<Vector> positive = List.of(dense(p), dense(q));
      check(
          hits(lease, query(new Ranking.BestScore(positive, List.of(dense(n))), null, 40, null)),
          stored,
          40,
          v -> {
            double best = Math.max(similarity(p, v), similarity(q, v));
            double worst = similarity(n, v);
            return best > worst ? toUnit(best) : -toUnit(worst);
          });
      check(
          hits(lease, query(new Ranking.BestScore(List.of(), positive), null, 9, null)),
          stored,
          9,
          v -> -toUnit(Math.max(similarity(p, v), similarity(q, v))));
      check(
          hits(lease, query(new Ranking.SumScores(positive, List.of(dense(n))), null, 900, null)),
          stored,
          900,
          v -> similarity(p, v) + similarity(q, v) - similarity(n, v));
    });
  }

  @Test
  void pairsDecideAsTheContractSays() throws IOException {
    forEachDistance((lease, stored, random) -> {
      float[] target = vector(random);
      float[] p = vector(random);
      float[] n = vector(random);
      float[] m = vector(random);
      List<Ranking.Pair> pairs =
          List.of(new Ranking.Pair(dense(p), dense(n)), new Ranking.Pair(dense(p), dense(m)));
      check(
          hits(lease, query(new Ranking.Discover(dense(target), pairs), null, 50, null)),
          stored,
          50,
          v ->
              Math.signum(similarity(p, v) - similarity(n, v))
                  + Math.signum(similarity(p, v) - similarity(m, v))
                  + toUnit(similarity(target, v)));
      check(
          hits(lease, query(new Ranking.Context(pairs), null, 900, null)),
          stored,
          900,
          v ->
              squashed(Math.min(similarity(p, v) - similarity(n, v) - 1.2e-7, 0))
                  + squashed(Math.min(similarity(p, v) - similarity(m, v) - 1.2e-7, 0)));
      check(
          hits(
              lease,
              query(
                  new Ranking.Feedback(
                      dense(target), 0.5f, List.of(new Ranking.WeightedPair(pairs.getFirst(), 2f))),
                  null,
                  20,
                  null)),
          stored,
          20,
          v -> 0.5 * similarity(target, v) + 2 * (similarity(p, v) - similarity(n, v)));
    });
  }

  @Test
  void onlyCandidatesThatMatchAreRanked() throws IOException {
    forEachDistance((lease, stored, random) -> {
      Set<Long> wanted = Set.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10_000L);
      Candidates candidates = new Candidates(wanted.stream().map(PointId::of).toList(), List.of());
      Filter odd =
          Filter.must(new Condition.HasId(Set.of(PointId.of(3), PointId.of(5), PointId.of(400))));
      Ranking nearest = new Ranking.Nearest(dense(vector(random)));
      for (Ranking ranking : List.of(nearest, new Ranking.Sample(3), Ranking.ById.BY_ID)) {
        assertThat(hits(lease, query(ranking, odd, 10, candidates)))
            .extracting(RankingTest::id)
            .isSubsetOf(3L, 5L)
            .hasSize(
                ranking.equals(nearest)
                    ? (int) List.of(3L, 5L).stream().filter(stored::containsKey).count()
                    : 2);
        assertThat(hits(lease, query(ranking, null, 4, candidates)))
            .extracting(RankingTest::id)
            .isSubsetOf(wanted);
      }
    });
  }

  @Test
  void withoutVectorsPointsComeByIdOrByChance() throws IOException {
    forEachDistance((lease, stored, random) -> {
      assertThat(hits(lease, query(Ranking.ById.BY_ID, null, 300, null)))
          .extracting(RankingTest::id)
          .isSorted()
          .startsWith(0L, 1L)
          .hasSize(300);
      List<Hit> sample = hits(lease, query(new Ranking.Sample(1), null, 300, null));
      assertThat(sample).extracting(RankingTest::id).doesNotHaveDuplicates().hasSize(300);
      assertThat(sample).isEqualTo(hits(lease, query(new Ranking.Sample(1), null, 300, null)));
      assertThat(sample).isNotEqualTo(hits(lease, query(new Ranking.Sample(2), null, 300, null)));
      assertThat(sample.stream().mapToLong(RankingTest::id).average().orElse(0))
          .as("drawn evenly: the mean of 600 ids, within four standard errors of 300 draws")
          .isBetween(270.0, 330.0);
    });
  }

  private static float formula(
      ShardLease lease, Expression expression, Map<String, JsonValue> defaults, long id) {
    Candidates candidates =
        new Candidates(List.of(PointId.of(id)), List.of(List.of(0.5f, Float.NaN)));
    return hits(lease, query(new Ranking.Formula(expression, defaults), null, 9, candidates))
        .getFirst()
        .score();
  }

  /** The value for a point that the first prefetch did not find. */
  private static float unfound(
      ShardLease lease, Expression expression, Map<String, JsonValue> defaults) {
    Candidates candidates =
        new Candidates(List.of(PointId.of(7)), List.of(List.of(Float.NaN, 0.5f)));
    return hits(lease, query(new Ranking.Formula(expression, defaults), null, 9, candidates))
        .getFirst()
        .score();
  }

  @Test
  void formulasAreComputedFromScoresAndPayload() throws IOException {
    forEachDistance((lease, stored, random) -> {
      Expression score = Expression.variable("$score");
      Expression other = Expression.variable("$score[1]");
      Expression n = Expression.variable("n");
      Expression missing = Expression.variable("missing");
      Expression odd =
          new Expression.Check(
              new Condition.Field(
                  KeyPath.parse("odd"),
                  List.of(
                      new dev.eddy.model.filter.FieldPredicate.Match(
                          new dev.eddy.model.filter.FieldPredicate.MatchValue.Flag(true)))));
      Expression all = new Expression.Sum(List.of(score, other, n, odd));
      assertThat(formula(lease, all, Map.of(), 7)).isEqualTo(0.5f + 0 + 7 + 1);
      assertThat(formula(lease, all, Map.of("$score[1]", new JsonDouble(100)), 8))
          .isEqualTo(0.5f + 100 + 8);
      assertThat(formula(lease, missing, Map.of("missing", new JsonDouble(3)), 7)).isEqualTo(3f);
      for (String name : List.of("$score", "$score[0]")) {
        assertThat(unfound(lease, score, Map.of(name, new JsonDouble(-2)))).isEqualTo(-2f);
      }
      Expression zero = new Expression.Constant(0);
      assertThat(formula(lease, new Expression.Product(List.of(zero, missing)), Map.of(), 7))
          .as("what is multiplied by nothing is not looked at")
          .isZero();
      assertThat(formula(lease, new Expression.Quotient(n, zero, 5.0), Map.of(), 7)).isEqualTo(5f);
      assertThatThrownBy(() -> formula(lease, missing, Map.of(), 7))
          .isInstanceOf(EddyException.class)
          .hasMessageContaining(
              "Expected number value for missing in the payload and/or in the formula defaults.");
      assertThatThrownBy(() -> formula(lease, new Expression.Quotient(n, zero, null), Map.of(), 7))
          .hasMessageContaining("The expression 7.0/0.0 produced a non-finite number");
      for (Expression.Shape shape : Expression.Shape.values()) {
        Expression decay = new Expression.Decay(shape, n, new Expression.Constant(4), 3, 0.25);
        assertThat(formula(lease, decay, Map.of(), 4)).isEqualTo(1f);
        assertThat(formula(lease, decay, Map.of(), 7)).isCloseTo(0.25f, within(1e-6f));
        assertThat(formula(lease, decay, Map.of(), 1)).isCloseTo(0.25f, within(1e-6f));
      }
    });
  }

  @Test
  void fieldsAreOrderedByCountedAndGrouped() throws IOException {
    Path place = folder.resolve("fields");
    try (Shard shard = Shard.open(SHARD, new UUID(5, 5), place, resources, ShardSettings.DEFAULT)) {
      CollectionSpec spec = CollectionSpec.of(Map.of());
      shard.apply(0, new Update.Genesis(SHARD.collectionId(), "c", 3, 0, spec, 10));
      List<Point> points = new ArrayList<>();
      String[] payloads = {
        "{\"n\":3,\"t\":\"a\"}",
        "{\"n\":[1,2.5,3,3],\"t\":[\"b\",\"a\",\"b\",7,null]}",
        "{\"n\":\"1\",\"t\":true}",
        "{\"n\":2.0}",
        "{}"
      };
      for (int id = 0; id < payloads.length; id++) {
        points.add(
            new Point(
                PointId.of(id),
                Vectors.NONE,
                new Payload(payloads[id].getBytes(StandardCharsets.UTF_8))));
      }
      shard.apply(1, new Update.Upsert(points));
      shard.publish();
      try (ShardLease lease = shard.lease()) {
        assertThat(ordered(lease, FieldIndex.Type.INTEGER, false, null))
            .containsExactly("1:1", "3:2", "0:3", "1:3");
        assertThat(ordered(lease, FieldIndex.Type.INTEGER, true, new Ordering.Start.Whole(2)))
            .containsExactly("3:2", "1:1");
        assertThat(ordered(lease, FieldIndex.Type.FLOAT, false, new Ordering.Start.Real(2)))
            .containsExactly("3:2.0", "1:2.5", "0:3.0", "1:3.0");
        KeyPath t = KeyPath.parse("t");
        assertThat(lease.facet(t, FieldIndex.Type.KEYWORD, null, 0))
            .extracting(hit -> hit.value() + "=" + hit.count())
            .containsExactlyInAnyOrder("JsonString[value=a]=2", "JsonString[value=b]=1");
        assertThat(
                lease.facet(
                    t,
                    FieldIndex.Type.BOOL,
                    Filter.must(new Condition.HasId(Set.of(PointId.of(2)))),
                    0))
            .extracting(hit -> hit.value() + "=" + hit.count())
            .containsExactly("JsonBoolean[value=true]=1");
        ShardQuery grouped =
            new ShardQuery(Ranking.ById.BY_ID, "", null, SearchParams.DEFAULT, 9, null, null, t);
        assertThat(hits(lease, grouped))
            .extracting(hit -> hit.groups().size())
            .containsExactly(1, 3, 0, 0, 0);
      }
    }
  }

  private static List<String> ordered(
      ShardLease lease,
      FieldIndex.Type type,
      boolean isDescending,
      Ordering.@Nullable Start start) {
    Ordering ordering = new Ordering(KeyPath.parse("n"), isDescending, start);
    return hits(lease, query(new Ranking.Ordered(ordering, type), null, 9, null)).stream()
        .map(hit ->
            switch (hit.order()) {
              case null -> "none";
              case OrderValue.Whole(long value) -> id(hit) + ":" + value;
              case OrderValue.Real(double value) -> id(hit) + ":" + value;
            })
        .toList();
  }
}
