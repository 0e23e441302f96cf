package dev.eddy.query.read;

import dev.eddy.model.collection.Distance;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.query.Query;
import dev.eddy.model.query.Ranking;
import dev.eddy.model.query.SearchParams;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step of a query: it makes one list of hits, best first, of those of its sources. */
sealed interface PlanNode {

  List<PlanNode> sources();

  /** Hits that it gives at most. */
  int limit();

  /**
   * Shards rank points.
   *
   * @param sources what they found is ranked; empty = all points are
   */
  record Ranked(
      Ranking ranking,
      String using,
      @Nullable Filter filter,
      SearchParams params,
      int limit,
      @Nullable Float threshold,
      HitOrder order,
      List<PlanNode> sources)
      implements PlanNode {}

  /** Lists are made one by where a point is in each: {@link Query.Rrf}. */
  record FusedByRank(Query.Rrf fusion, int limit, @Nullable Float threshold, List<PlanNode> sources)
      implements PlanNode {}

  /** Lists are made one by how good a score is in each: {@link Query.Dbsf}. */
  record FusedByScore(int limit, @Nullable Float threshold, List<PlanNode> sources)
      implements PlanNode {}

  /**
   * Candidates are chosen for nearness and variety.
   *
   * @param diversity 0 = only nearness counts, 1 = only variety
   */
  record Diverse(Ranked candidates, Distance distance, float diversity, int limit)
      implements PlanNode {
    @Override
    public List<PlanNode> sources() {
      return List.of(candidates);
    }
  }
}
