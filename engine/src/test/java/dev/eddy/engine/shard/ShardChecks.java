package dev.eddy.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.query.Ranking;
import dev.eddy.model.query.SearchParams;
import dev.eddy.model.shard.ShardService.Hit;
import dev.eddy.model.shard.ShardService.ShardQuery;
import dev.eddy.model.shard.ShardService.TermCounts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A shard against the oracle: every point, counts, and exact searches in their order. */
final class ShardChecks {
  private ShardChecks() {}

  static void sameState(Shard shard, Oracle oracle) {
    assertThat(shard.stats().contentHash()).as("content hash").isEqualTo(shard.audit());
    assertThat(shard.stats().ignoredRepeats()).as("repeats").isEqualTo(oracle.repeats);
    assertThat(shard.stats().brokenChains()).as("broken chains").isEqualTo(oracle.broken);
    try (ShardLease lease = shard.lease()) {
      List<StoredPoint> all =
          lease.scroll(
              null, Integer.MAX_VALUE, null, PayloadSelector.All.ALL, VectorSelector.All.ALL);
      assertThat(all)
          .as("points in the order of ids")
          .isEqualTo(points(oracle, oracle.points.keySet()));
      assertThat(lease.count(null)).isEqualTo(oracle.points.size());
    }
    oracle.verdicts.forEach((offset, verdict) ->
        assertThat(shard.verdictAt(offset))
            .as("verdict at " + offset)
            .isEqualTo(new VerdictAnswer.Known(verdict)));
  }

  static List<StoredPoint> points(Oracle oracle, Iterable<PointId> ids) {
    List<StoredPoint> points = new ArrayList<>();
    for (PointId id : ids) {
      Oracle.Kept kept = oracle.kept(id);
      Map<String, Vector> vectors = new LinkedHashMap<>();
      vectors.putAll(kept.vectors);
      points.add(
          new StoredPoint(
              id, kept.version, Payload.of(new JsonObject(kept.payload)), new Vectors(vectors)));
    }
    return points;
  }

  static void sameAnswers(Shard shard, Oracle oracle, RandomUpdates random) {
    Filter filter = random.filter();
    List<PointId> matching = oracle.matching(filter);
    try (ShardLease lease = shard.lease()) {
      assertThat(lease.count(filter)).as("count of " + filter).isEqualTo(matching.size());
      List<StoredPoint> page =
          lease.scroll(null, 3, filter, PayloadSelector.None.NONE, VectorSelector.None.NONE);
      assertThat(page.stream().map(StoredPoint::id))
          .as("first page of " + filter)
          .isEqualTo(matching.subList(0, Math.min(3, matching.size())));
      for (@Nullable Filter each : new Filter[] {null, filter}) {
        sameHits(lease, oracle, each, "", new Vector.Dense(random.floats(4)));
        sameHits(lease, oracle, each, "text", new Vector.Dense(random.floats(3)));
        sameHits(lease, oracle, each, "half", new Vector.Dense(random.fractions(2)));
        sameHits(lease, oracle, each, "whole", new Vector.Dense(random.fractions(3)));
        sameHits(lease, oracle, each, "terms", random.sparse());
        sameHits(lease, oracle, each, "rows", random.rows());
        sameTermCounts(lease, oracle, each, random.sparse());
      }
    }
  }

  private static void sameTermCounts(
      ShardLease lease, Oracle oracle, @Nullable Filter corpus, Vector.Sparse asked) {
    List<Integer> indices = Arrays.stream(asked.indices()).boxed().toList();
    long points = 0;
    Long[] frequencies = new Long[indices.size()];
    Arrays.fill(frequencies, 0L);
    for (PointId id : corpus == null ? oracle.points.keySet() : oracle.matching(corpus)) {
      if (oracle.kept(id).vectors.get("terms") instanceof Vector.Sparse(int[] theirs, var ignored)
          && theirs.length > 0) {
        points++;
        for (int index : theirs) {
          if (indices.contains(index)) {
            frequencies[indices.indexOf(index)]++;
          }
        }
      }
    }
    assertThat(lease.countTerms("terms", indices, corpus))
        .as("%s among %s", indices, corpus)
        .isEqualTo(new TermCounts(points, List.of(frequencies)));
  }

  private static void sameHits(
      ShardLease lease, Oracle oracle, @Nullable Filter filter, String name, Vector vector) {
    List<Hit> hits =
        lease
            .search(
                List.of(
                    new ShardQuery(
                        new Ranking.Nearest(vector),
                        name,
                        filter,
                        new SearchParams(null, true, false),
                        5,
                        null,
                        null,
                        null)),
                PayloadSelector.None.NONE,
                VectorSelector.None.NONE)
            .getFirst();
    Set<PointId> allowed =
        filter == null ? oracle.points.keySet() : Set.copyOf(oracle.matching(filter));
    Distance distance =
        RandomUpdates.SPEC.vector(name).map(VectorParams::distance).orElse(Distance.DOT);
    List<Hit> expected = new ArrayList<>();
    oracle.points.forEach((id, kept) -> {
      Vector stored = kept.vectors.get(name);
      Float score = stored == null ? null : score(name, distance, vector, stored);
      if (score != null && allowed.contains(id)) {
        expected.add(new Hit(id, kept.version, score, null));
      }
    });
    Comparator<Hit> ascending =
        Comparator.comparingDouble(ShardChecks::rounded).thenComparing(Hit::id);
    expected.sort(distance.isDescending() ? ascending.reversed() : ascending);
    // Scores of other summation orders may differ in the last bit: ties are by the rounded score.
    List<Hit> ours = new ArrayList<>(hits);
    ours.sort(distance.isDescending() ? ascending.reversed() : ascending);
    assertThat(ours.stream().map(ShardChecks::rounded).toList())
        .as("scores in '%s' of %s", name, filter)
        .isEqualTo(expected.stream().limit(5).map(ShardChecks::rounded).toList());
    if (distance == Distance.EUCLID || vector instanceof Vector.Sparse) {
      assertThat(hits.stream().map(Hit::id).toList())
          .as("ids in '%s' of %s", name, filter)
          .isEqualTo(expected.stream().limit(5).map(Hit::id).toList());
    }
  }

  private static double rounded(Hit hit) {
    // Of large scores the first digits.
    double scale = Math.max(1, Math.abs(hit.score()) / 10);
    return Math.rint(hit.score() / scale * 10_000) * scale;
  }

  /** Null = no hit. */
  private static @Nullable Float score(
      String name, Distance distance, Vector query, Vector stored) {
    return switch (stored) {
      case Vector.Dense(float[] values) ->
          score(name, distance, ((Vector.Dense) query).values(), values);
      case Vector.Sparse sparse -> product((Vector.Sparse) query, sparse);
      case Vector.Multi(float[][] rows) -> {
        float sum = 0;
        for (float[] wanted :
            query instanceof Vector.Multi(float[][] all)
                ? all
                : new float[][] {((Vector.Dense) query).values()}) {
          float best = Float.NEGATIVE_INFINITY;
          for (float[] row : rows) {
            best = Math.max(best, score(distance, wanted, row));
          }
          sum += best;
        }
        yield sum;
      }
    };
  }

  private static @Nullable Float product(Vector.Sparse query, Vector.Sparse stored) {
    @Nullable Float sum = null;
    for (int i = 0; i < query.indices().length; i++) {
      for (int j = 0; j < stored.indices().length; j++) {
        if (query.indices()[i] == stored.indices()[j]) {
          sum = (sum == null ? 0f : sum) + query.values()[i] * stored.values()[j];
        }
      }
    }
    return sum;
  }

  private static float score(String name, Distance distance, float[] query, float[] stored) {
    return switch (name) {
      case "half" -> (float) dot(Oracle.halves(query), stored);
      case "whole" -> {
        float[] whole = Oracle.whole(query);
        double lengths = Math.sqrt(dot(whole, whole) * dot(stored, stored));
        yield lengths == 0 ? 0 : (float) (dot(whole, stored) / lengths);
      }
      default -> score(distance, query, stored);
    };
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static float score(Distance distance, float[] query, float[] stored) {
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < query.length; i++) {
      squares += query[i] * query[i];
      sum +=
          distance == Distance.EUCLID
              ? (query[i] - stored[i]) * (query[i] - stored[i])
              : query[i] * stored[i];
    }
    return (float)
        (distance == Distance.EUCLID
            ? Math.sqrt(sum)
            : squares == 0 ? 0 : sum / Math.sqrt(squares));
  }
}
