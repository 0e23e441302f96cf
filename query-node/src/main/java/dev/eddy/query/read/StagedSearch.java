package dev.eddy.query.read;

import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.query.Ranking;
import dev.eddy.model.shard.ShardService.Candidates;
import dev.eddy.model.shard.ShardService.Hit;
import dev.eddy.model.shard.ShardService.ShardQuery;
import dev.eddy.query.read.HitMerger.Merged;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Works out a plan of several steps, in waves: whatever needs nothing but what is known is asked of
 * all shards together, then what that makes possible. One thread, one plan.
 */
final class StagedSearch {
  private final LeasedShards shards;
  private final Set<PointId> excluded;
  private final Positions positions;
  private final @Nullable KeyPath groupBy;

  /** The hits of each step that is done, by identity: equal steps are still two. */
  private final Map<PlanNode, List<Merged>> done = new IdentityHashMap<>();

  /**
   * Nothing is asked before {@link #hits}.
   *
   * @param groupBy what hits bring the values of, or null
   */
  StagedSearch(
      LeasedShards shards, Set<PointId> excluded, Positions positions, @Nullable KeyPath groupBy) {
    this.groupBy = groupBy;
    this.shards = shards;
    this.excluded = excluded;
    this.positions = positions;
  }

  /** The hits of a step, best first, without payload. */
  List<Merged> hits(PlanNode root) {
    List<PlanNode.Ranked> wave = new ArrayList<>();
    while (true) {
      List<Merged> hits = settle(root, wave);
      if (hits != null) {
        return hits;
      }
      ask(wave);
      wave.clear();
    }
  }

  /** The hits of a step if they can be had now; what must be asked first is added to the wave. */
  private @Nullable List<Merged> settle(PlanNode node, List<PlanNode.Ranked> wave) {
    List<Merged> known = done.get(node);
    if (known != null) {
      return known;
    }
    List<List<Merged>> sources = new ArrayList<>();
    for (PlanNode source : node.sources()) {
      List<Merged> hits = settle(source, wave);
      if (hits != null) {
        sources.add(hits);
      }
    }
    if (sources.size() < node.sources().size()) {
      return null;
    }
    List<Merged> hits =
        switch (node) {
          case PlanNode.Ranked ranked -> {
            wave.add(ranked);
            yield null;
          }
          case PlanNode.FusedByRank fused ->
              HitFusion.byRank(sources, fused.fusion(), fused.limit(), fused.threshold());
          case PlanNode.FusedByScore fused ->
              HitFusion.byScore(sources, fused.limit(), fused.threshold());
          case PlanNode.Diverse diverse -> diverse(diverse, sources.getFirst());
        };
    if (hits != null) {
      done.put(node, hits);
    }
    return hits;
  }

  private List<Merged> diverse(PlanNode.Diverse diverse, List<Merged> hits) {
    String using = diverse.candidates().using();
    Map<PointId, StoredPoint> points =
        shards.fetch(
            hits, PayloadSelector.None.NONE, new VectorSelector.Names(List.of(using)), false);
    List<Vector> vectors = new ArrayList<>(hits.size());
    for (Merged hit : hits) {
      StoredPoint point = points.get(hit.hit().id());
      Vector vector =
          point == null || point.vectors() == null ? null : point.vectors().byName().get(using);
      if (vector == null) {
        throw new IllegalStateException("a hit without the vector that it was found by");
      }
      vectors.add(vector);
    }
    return Diversity.choose(
        hits, vectors, diverse.distance(), diverse.diversity(), diverse.limit());
  }

  private void ask(List<PlanNode.Ranked> wave) {
    List<List<List<Hit>>> answers =
        shards.search(
            shard -> wave.stream().map(node -> shardQuery(node, shard)).toList(), positions);
    for (int i = 0; i < wave.size(); i++) {
      PlanNode.Ranked node = wave.get(i);
      List<List<Hit>> sources = new ArrayList<>(answers.size());
      for (List<List<Hit>> shard : answers) {
        sources.add(shard.get(i));
      }
      List<Merged> hits = HitMerger.merge(sources, node.order(), excluded, 0, node.limit());
      boolean isDrawn = node.ranking() instanceof Ranking.Sample;
      done.put(node, isDrawn ? hits.stream().map(StagedSearch::drawn).toList() : hits);
    }
  }

  /** What was drawn by chance counts the same to those who go on with it. */
  private static Merged drawn(Merged merged) {
    Hit hit = merged.hit();
    return new Merged(
        merged.source(),
        new Hit(hit.id(), hit.version(), 1f, hit.groups(), hit.order(), hit.point()));
  }

  private ShardQuery shardQuery(PlanNode.Ranked node, int shard) {
    return shardQuery(
        node, excluded, node.sources().isEmpty() ? null : candidates(node, shard), groupBy);
  }

  /** What one shard is asked. It must give enough for the excluded points to be left out. */
  static ShardQuery shardQuery(
      PlanNode.Ranked node,
      Set<PointId> excluded,
      @Nullable Candidates candidates,
      @Nullable KeyPath groupBy) {
    return new ShardQuery(
        node.ranking(),
        node.using(),
        node.filter(),
        node.params(),
        (int) Math.min((long) node.limit() + excluded.size(), Integer.MAX_VALUE),
        node.threshold(),
        candidates,
        groupBy);
  }

  /** What the sources found in a shard, each once, with the scores where they count. */
  private Candidates candidates(PlanNode.Ranked node, int shard) {
    int width = node.sources().size();
    Map<PointId, float[]> scoresById = new LinkedHashMap<>();
    for (int source = 0; source < width; source++) {
      for (Merged hit : done.getOrDefault(node.sources().get(source), List.of())) {
        if (hit.source() == shard) {
          scoresById.computeIfAbsent(hit.hit().id(), id -> notFound(width))[source] =
              hit.hit().score();
        }
      }
    }
    List<List<Float>> scores = new ArrayList<>();
    if (node.ranking() instanceof Ranking.Formula) {
      scoresById.values().forEach(each -> scores.add(boxed(each)));
    }
    return new Candidates(List.copyOf(scoresById.keySet()), scores);
  }

  private static float[] notFound(int width) {
    float[] scores = new float[width];
    java.util.Arrays.fill(scores, Float.NaN);
    return scores;
  }

  private static List<Float> boxed(float[] values) {
    List<Float> boxed = new ArrayList<>(values.length);
    for (float value : values) {
      boxed.add(value);
    }
    return boxed;
  }

  /** The points of the final hits, all of which exist: the leases say so. */
  Map<PointId, StoredPoint> fetch(
      List<Merged> hits, PayloadSelector payload, VectorSelector vectors) {
    return payload == PayloadSelector.None.NONE && vectors == VectorSelector.None.NONE
        ? new HashMap<>()
        : shards.fetch(hits, payload, vectors, true);
  }
}
