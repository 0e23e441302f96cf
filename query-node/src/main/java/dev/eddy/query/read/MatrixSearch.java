package dev.eddy.query.read;

import dev.eddy.model.collection.Distance;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.query.DistanceMatrix;
import dev.eddy.model.query.MatrixQuery;
import dev.eddy.model.query.Ranking;
import dev.eddy.model.query.SearchParams;
import dev.eddy.model.shard.ShardService.Candidates;
import dev.eddy.model.shard.ShardService.Hit;
import dev.eddy.model.shard.ShardService.ShardQuery;
import dev.eddy.query.read.HitMerger.Merged;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A sample's nearest neighbours among itself, in one moment of each shard. Stateless. */
final class MatrixSearch {
  private MatrixSearch() {}

  /**
   * The matrix of a query.
   *
   * @param weighing what is to be made of the points' vectors before they are asked with
   */
  static DistanceMatrix run(
      LeasedShards shards,
      MatrixQuery query,
      Distance distance,
      long seed,
      UnaryOperator<List<Ranking>> weighing,
      Positions positions) {
    List<Merged> sample = sample(shards, query, seed, positions);
    if (sample.size() < 2) {
      return new DistanceMatrix(List.of(), List.of());
    }
    Map<PointId, StoredPoint> points =
        shards.fetch(
            sample,
            PayloadSelector.None.NONE,
            new VectorSelector.Names(List.of(query.using())),
            false);
    List<PointId> ids = sample.stream().map(hit -> hit.hit().id()).toList();
    Map<PointId, Integer> places = new HashMap<>();
    ids.forEach(id -> places.put(id, places.size()));
    List<Ranking> nearest =
        weighing.apply(
            ids.stream()
                .<Ranking>map(id -> new Ranking.Nearest(vector(points.get(id), query.using())))
                .toList());
    List<List<List<Hit>>> answers =
        shards.search(
            shard -> {
              Candidates candidates = candidates(sample, shard);
              return nearest.stream().map(each -> neighbours(query, each, candidates)).toList();
            },
            positions);
    HitOrder order = HitOrder.ofScores(distance.isDescending());
    List<DistanceMatrix.Cell> cells = new ArrayList<>();
    for (int row = 0; row < ids.size(); row++) {
      int at = row;
      List<List<Hit>> sources = answers.stream().map(shard -> shard.get(at)).toList();
      for (Merged hit : HitMerger.merge(sources, order, Set.of(ids.get(row)), 0, query.limit())) {
        cells.add(
            new DistanceMatrix.Cell(
                row, places.getOrDefault(hit.hit().id(), -1), hit.hit().score()));
      }
    }
    return new DistanceMatrix(ids, cells);
  }

  /** Points that have the vector, drawn by chance, by ascending id. */
  private static List<Merged> sample(
      LeasedShards shards, MatrixQuery query, long seed, Positions positions) {
    Filter hasVector = Filter.must(new Condition.HasVector(query.using()));
    ShardQuery drawn =
        new ShardQuery(
            new Ranking.Sample(seed),
            query.using(),
            QueryPlanner.both(query.filter(), hasVector),
            SearchParams.DEFAULT,
            query.sample(),
            null,
            null,
            null);
    List<List<Hit>> hits =
        shards.search(shard -> List.of(drawn), positions).stream().map(List::getFirst).toList();
    return HitMerger.merge(hits, HitOrder.SCORES_DESCENDING, Set.of(), 0, query.sample()).stream()
        .sorted(Comparator.comparing(hit -> hit.hit().id()))
        .toList();
  }

  private static ShardQuery neighbours(MatrixQuery query, Ranking nearest, Candidates candidates) {
    return new ShardQuery(
        nearest,
        query.using(),
        null,
        SearchParams.DEFAULT,
        // One more: a point is the nearest to itself.
        (int) Math.min(query.limit() + 1L, Integer.MAX_VALUE),
        null,
        candidates,
        null);
  }

  private static Candidates candidates(List<Merged> sample, int shard) {
    return new Candidates(
        sample.stream().filter(hit -> hit.source() == shard).map(hit -> hit.hit().id()).toList(),
        List.of());
  }

  private static Vector vector(@org.jspecify.annotations.Nullable StoredPoint point, String using) {
    Vector vector =
        point == null || point.vectors() == null ? null : point.vectors().byName().get(using);
    if (vector == null) {
      throw new IllegalStateException("a drawn point without the vector that it was asked for");
    }
    return vector;
  }
}
