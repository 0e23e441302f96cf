package dev.eddy.engine.shard;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.OptimizersConfig;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.query.QuantizationSearch;
import dev.eddy.model.query.Ranking;
import dev.eddy.model.query.SearchParams;
import dev.eddy.model.shard.ShardService.Hit;
import dev.eddy.model.shard.ShardService.ShardQuery;
import dev.eddy.model.shard.ShardService.TermCounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A shard against the oracle: every point, counts, and exact searches in their order. */
final class ShardChecks {
  private ShardChecks() {}

  /** A collection whose segments get a graph from so many kilobytes of vectors on. */
  static CollectionSpec graphsFrom(int kilobytes, CollectionSpec spec) {
    return new CollectionSpec(
        spec.vectors(),
        spec.shardNumber(),
        spec.replicationFactor(),
        spec.writeConsistencyFactor(),
        spec.readFanOutFactor(),
        spec.readFanOutDelayMs(),
        spec.onDiskPayload(),
        spec.payloadMemory(),
        spec.hnsw(),
        spec.optimizers()
            .with(
                new OptimizersConfig.Diff(
                    null, null, null, null, null, kilobytes, null, null, null)),
        spec.wal(),
        spec.metadata(),
        spec.payloadIndexes(),
        spec.strictMode(),
        spec.sparseVectors(),
        spec.quantization());
  }

  /** Waits, as the writer, until nothing is left to be done in the background. */
  static void settle(Shard shard) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (shard.maintain() || shard.stats().isOptimizing()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  /** Settles, after which points have no more slots than a rule allows. */
  static void hasFewSlots(Shard shard, RenumberingRule rule) {
    settle(shard);
    shard.publish();
    assertThat(rule.isDue(shard.slots(), (int) shard.stats().points()))
        .as("%d slots of %d points", shard.slots(), shard.stats().points())
        .isFalse();
  }

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

  /** How much of what they should have found searches by graphs found. */
  static final class Recall {
    private static final double LEAST = 0.95;

    private long found;
    private long wanted;

    void isHigh(String text) {
      if (wanted > 0) {
        assertThat((double) found / wanted).as("recall, " + text).isGreaterThan(LEAST);
      }
    }

    @Override
    public String toString() {
      return found + " of " + wanted;
    }
  }

  static void sameAnswers(Shard shard, Oracle oracle, RandomUpdates random) {
    sameAnswers(shard, oracle, random, new Recall());
  }

  /** Counts what approximate searches find. */
  static void sameAnswers(Shard shard, Oracle oracle, RandomUpdates random, Recall recall) {
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
        for (String name : oracle.spec().vectorNames()) {
          Vector vector = random.schema().vector(name);
          List<Hit> ranked =
              OracleScores.ranked(
                  oracle, each == null ? oracle.points.keySet() : matching, name, vector);
          Asked asked = new Asked(lease, oracle, each, name, vector, ranked);
          asked.exactly(random.schema().isExact(name));
          asked.nearly(recall);
        }
        for (String name : oracle.spec().sparseVectors().keySet()) {
          sameTermCounts(lease, oracle, each, name, random.schema().sparse());
        }
      }
    }
  }

  private static void sameTermCounts(
      ShardLease lease, Oracle oracle, @Nullable Filter corpus, String name, Vector.Sparse asked) {
    List<Integer> indices = Arrays.stream(asked.indices()).boxed().toList();
    long points = 0;
    Long[] frequencies = new Long[indices.size()];
    Arrays.fill(frequencies, 0L);
    for (PointId id : corpus == null ? oracle.points.keySet() : oracle.matching(corpus)) {
      if (oracle.kept(id).vectors.get(name) instanceof Vector.Sparse(int[] theirs, var ignored)
          && theirs.length > 0) {
        points++;
        for (int index : theirs) {
          if (indices.contains(index)) {
            frequencies[indices.indexOf(index)]++;
          }
        }
      }
    }
    assertThat(lease.countTerms(name, indices, corpus))
        .as("%s in '%s' among %s", indices, name, corpus)
        .isEqualTo(new TermCounts(points, List.of(frequencies)));
  }

  /**
   * One search against the oracle.
   *
   * @param filter null = all
   * @param ranked all that it could find, best first
   */
  private record Asked(
      ShardLease lease,
      Oracle oracle,
      @Nullable Filter filter,
      String name,
      Vector vector,
      List<Hit> ranked) {
    private static final int K = 5;
    private static final int WIDE = 128;

    private String text() {
      return "'%s' %s of %s near %s"
          .formatted(name, oracle.spec().vectors().get(name), filter, vector);
    }

    private List<Hit> hits(SearchParams params) {
      ShardQuery query =
          new ShardQuery(new Ranking.Nearest(vector), name, filter, params, K, null, null, null);
      return lease
          .search(List.of(query), PayloadSelector.None.NONE, VectorSelector.None.NONE)
          .getFirst();
    }

    /** Scores of other summation orders may differ in the last bits. */
    private static float slack(float score) {
      return 1e-4f * Math.max(1, Math.abs(score));
    }

    private static boolean isNear(float score, float expected) {
      return Math.abs(score - expected) <= slack(expected);
    }

    /**
     * An exact search.
     *
     * @param isOrderKnown whether scores are the same in every order of summation
     */
    void exactly(boolean isOrderKnown) {
      List<Hit> expected = ranked.subList(0, Math.min(K, ranked.size()));
      List<Hit> hits = hits(new SearchParams(null, true, false));
      areHits(hits);
      assertThat(hits).as(this::text).hasSameSizeAs(expected);
      for (int rank = 0; rank < hits.size(); rank++) {
        float score = expected.get(rank).score();
        assertThat(hits.get(rank))
            .as(this::text)
            .matches(hit -> isNear(hit.score(), score), "as near as " + score);
      }
      if (isOrderKnown) {
        assertThat(hits.stream().map(Hit::id).toList())
            .as(this::text)
            .isEqualTo(expected.stream().map(Hit::id).toList());
      }
    }

    /** Points that are there and match, each once, best first, with their scores and versions. */
    private void areHits(List<Hit> hits) {
      Map<PointId, Hit> allowed = new HashMap<>();
      ranked.forEach(hit -> allowed.put(hit.id(), hit));
      Hit before = null;
      for (Hit hit : hits) {
        Hit own = requireNonNull(allowed.remove(hit.id()), this::text);
        assertThat(hit)
            .as(this::text)
            .matches(each -> each.version() == own.version(), "of version " + own.version())
            .matches(each -> isNear(each.score(), own.score()), "as near as " + own.score());
        assertThat(before == null || !isBetter(hit, before)).as(this::text).isTrue();
        before = hit;
      }
    }

    private boolean isBetter(Hit hit, Hit other) {
      return OracleScores.isDescending(oracle, name)
          ? hit.score() > other.score()
          : hit.score() < other.score();
    }

    /** A search as clients ask for by default, one by codes alone, and one of what is indexed. */
    void nearly(Recall recall) {
      List<Hit> hits = hits(new SearchParams(WIDE, false, false));
      areHits(hits);
      areHits(hits(new SearchParams(WIDE, false, true)));
      Set<PointId> allowed = new HashSet<>(ranked.stream().map(Hit::id).toList());
      QuantizationSearch unscored = new QuantizationSearch(false, false, null);
      for (Hit estimate : hits(new SearchParams(WIDE, false, false, null, unscored))) {
        assertThat(allowed.remove(estimate.id())).as(this::text).isTrue();
      }
      int wanted = Math.min(K, ranked.size());
      recall.wanted += wanted;
      if (wanted > 0) {
        Hit last = ranked.get(wanted - 1);
        recall.found +=
            hits.stream()
                .filter(hit -> !isBetter(last, hit) || isNear(hit.score(), last.score()))
                .count();
      }
    }
  }
}
