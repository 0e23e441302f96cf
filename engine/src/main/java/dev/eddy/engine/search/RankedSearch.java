package dev.eddy.engine.search;

import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.search.TopHits.SlotHit;
import dev.eddy.engine.segment.CodeUse;
import dev.eddy.engine.segment.SlotAcceptor;
import dev.eddy.engine.segment.SlotSearch;
import dev.eddy.engine.segment.TopSlots;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.Vector;
import dev.eddy.model.query.QuantizationSearch;
import dev.eddy.model.query.Ranking;
import dev.eddy.model.query.SearchParams;
import dev.eddy.model.shard.ShardService.Candidates;
import dev.eddy.model.shard.ShardService.ShardQuery;
import dev.eddy.model.usage.FilterPlans;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the best points of one moment of a shard.
 *
 * <p>The nearest without a filter: the graph, or every point when the search is exact. With one:
 * points named by id are scored directly, and for the others {@link FilterPlanner} plans. Sparse
 * vectors are found by their index, exactly; for multivectors see {@link MultiSearch}.
 *
 * <p>Ties at the k-th place are resolved exactly by exact scans; walks and scans by estimates look
 * {@link #TIE_ROOM} places further and resolve what they see there.
 */
final class RankedSearch {
  /** Places that a walk looks beyond k for hits of equal score. */
  static final int TIE_ROOM = 8;

  /** Up to this many points, scanning costs less than choosing. */
  private static final int SCAN_POINTS_MAX = 2_000;

  private final ShardView view;

  RankedSearch(ShardView view) {
    this.view = view;
  }

  /** The hits, best first. */
  List<SlotHit> search(ShardQuery query) {
    if (view.points() == 0) {
      check(query);
      return List.of();
    }
    int k = Math.min(query.limit(), view.points());
    return switch (query.ranking()) {
      case Ranking.Nearest(Vector vector) -> nearest(query, vector, k);
      case Ranking.BestScore ranking ->
          custom(query, k, VectorScorers.bestScore(field(query), ranking));
      case Ranking.SumScores ranking ->
          custom(query, k, VectorScorers.sumScores(field(query), ranking));
      case Ranking.Discover ranking ->
          custom(query, k, VectorScorers.discover(field(query), ranking));
      case Ranking.Context ranking ->
          custom(query, k, VectorScorers.context(field(query), ranking));
      case Ranking.Feedback ranking ->
          custom(query, k, VectorScorers.feedback(field(query), ranking));
      case Ranking.Formula ranking -> formula(query, k, ranking);
      case Ranking.Sample(long seed) -> {
        TopHits hits = new TopHits(k, true, view::id);
        scan(query, PointScorers.sample(view, seed), hits);
        yield hits.best();
      }
      case Ranking.Ordered ranking -> new FieldScan(view).ordered(query, ranking, query.limit());
      case Ranking.ById ignored -> byId(query, k);
    };
  }

  private NamedVectors field(ShardQuery query) {
    return view.field(query.using());
  }

  /** What is wrong with a query is wrong with no points, too. */
  private void check(ShardQuery query) {
    if (query.ranking() instanceof Ranking.Nearest(Vector vector)) {
      var _ = VectorScorers.nearest(field(query), vector);
    }
  }

  private List<SlotHit> nearest(ShardQuery query, Vector vector, int k) {
    NamedVectors field = field(query);
    boolean isDescending = field.metric().isSimilarity();
    TopHits hits = new TopHits(k, isDescending, view::id);
    if (query.candidates() != null || !isIndexUsed(field, vector, query, k, hits)) {
      scan(query, ofIndexed(query, field, VectorScorers.nearest(field, vector)), hits);
    }
    return within(hits.best(), query.scoreThreshold(), isDescending);
  }

  /** Tries the index that the vectors have; false = scan. */
  private boolean isIndexUsed(
      NamedVectors field, Vector vector, ShardQuery query, int k, TopHits hits) {
    return switch (field) {
      case FieldView dense ->
          vector instanceof Vector.Dense(float[] values)
              && !query.params().exact()
              && isFound(dense, dense.prepared(values), query, k, hits);
      case SparseVectors sparse -> {
        Filter filter = query.filter();
        new SparseSearch(view)
            .search(sparse, vector, filter == null ? null : view.memo(filter), hits);
        yield true;
      }
      case MultiVectors multi ->
          !query.params().exact() && new MultiSearch(view, multi).search(vector, query, k, hits);
    };
  }

  private static SlotScorer ofIndexed(ShardQuery query, NamedVectors field, SlotScorer scorer) {
    return query.params().indexedOnly() ? VectorScorers.indexedOnly(field, scorer) : scorer;
  }

  /** Scores of several vectors: always by scanning. The threshold is one of the metric's kind. */
  private List<SlotHit> custom(ShardQuery query, int k, SlotScorer ofAll) {
    TopHits hits = new TopHits(k, true, view::id);
    NamedVectors field = field(query);
    boolean isDescending = field.metric().isSimilarity();
    SlotScorer scorer = ofIndexed(query, field, ofAll);
    Float threshold = query.scoreThreshold();
    // Before the best are chosen: what is above a bound that keeps small scores would crowd them.
    scan(query, threshold == null ? scorer : within(scorer, threshold, isDescending), hits);
    return hits.best();
  }

  private List<SlotHit> formula(ShardQuery query, int k, Ranking.Formula ranking) {
    Candidates candidates = query.candidates();
    if (candidates == null) {
      throw new IllegalArgumentException("a formula without candidates");
    }
    TopHits hits = new TopHits(k, true, view::id);
    scan(query, PointScorers.formula(view, ranking, candidates), hits);
    Float threshold = query.scoreThreshold();
    return threshold == null
        ? hits.best()
        : hits.best().stream().filter(hit -> hit.score() >= threshold).toList();
  }

  private List<SlotHit> byId(ShardQuery query, int k) {
    if (query.candidates() != null) {
      TopHits hits = new TopHits(k, false, view::id);
      scan(query, PointScorers.ONE, hits);
      return hits.best();
    }
    return Arrays.stream(new IdOrder(view).slots(null, k, query.filter()))
        .mapToObj(slot -> new SlotHit(slot, 1f))
        .toList();
  }

  /** Tries graphs and codes; false = they are not the way. */
  private boolean isFound(FieldView field, float[] vector, ShardQuery query, int k, TopHits hits) {
    if (isExact(field, query.filter())) {
      return false;
    }
    SearchParams params = query.params();
    Integer wantedEf = params.hnswEf();
    CodeUse codes = codeUse(params.quantization());
    int wanted = Math.min(k + TIE_ROOM, view.points());
    int ef = Math.max(wanted, wantedEf == null ? field.defaultEf() : wantedEf);
    SlotSearch search =
        new SlotSearch(wanted, ef, SlotSearch.Way.WALK, params.indexedOnly(), codes);
    Filter filter = query.filter();
    TopSlots top = new TopSlots(wanted);
    boolean isFound;
    if (filter != null) {
      isFound = isFiltered(field, view.memo(filter), vector, search, top);
    } else if (!search.indexedOnly() && FilterPlanner.isScanCheaper(field.vectors(), search)) {
      return false;
    } else {
      SlotAcceptor live = view.hasDeadSlots() ? view::isLive : SlotAcceptor.ALL;
      isFound = field.vectors().search(vector, search, live, top);
    }
    field.used(top.costRows(), top.fileRows());
    if (isFound) {
      offer(top, field.metric(), hits);
    }
    return isFound;
  }

  /** Whether the collection's settings say that so few are all compared. */
  private boolean isExact(FieldView field, @Nullable Filter filter) {
    long most = field.exactRows();
    if (most == 0) {
      return false;
    }
    long searched = Math.min(view.points(), field.vectors().rows());
    if (filter != null && searched >= most) {
      searched = view.memo(filter).estimate().matches();
    }
    if (searched >= most) {
      return false;
    }
    if (filter != null) {
      FilterPlans.tried(FilterPlans.Plan.SCAN_MATCHES, false);
    }
    return true;
  }

  private boolean isFiltered(
      FieldView field, FilterMemo memo, float[] vector, SlotSearch search, TopSlots top) {
    if (memo.isByIds() || view.points() <= SCAN_POINTS_MAX) {
      FilterPlans.tried(FilterPlans.Plan.SCAN_MATCHES, false);
      return false;
    }
    MemoMatches matches = new MemoMatches(view, memo);
    return new FilteredSearch(field.vectors(), matches, vector, search).tryPlans(top);
  }

  private static void offer(TopSlots top, Metric metric, TopHits hits) {
    for (int i = 0; i < top.size(); i++) {
      hits.offer(top.slot(i), metric.toScore(top.score(i)));
    }
  }

  static CodeUse codeUse(QuantizationSearch asked) {
    Double oversampling = asked.oversampling();
    return new CodeUse(
        asked.ignore(),
        !Boolean.FALSE.equals(asked.rescore()),
        oversampling == null ? 1 : oversampling);
  }

  /** Scores every live point that matches, of the candidates where there are some. */
  private void scan(ShardQuery query, SlotScorer scorer, TopHits hits) {
    SlotBatch batch = new SlotBatch(scorer, hits);
    @Nullable Filter filter = query.filter();
    @Nullable FilterMemo memo = filter == null ? null : view.memo(filter);
    Candidates candidates = query.candidates();
    if (candidates != null) {
      for (int slot : view.slotsOf(candidates.ids())) {
        if (memo == null || memo.matches(slot)) {
          batch.add(slot);
        }
      }
    } else if (memo != null) {
      memo.forEachMatch(0, Integer.MAX_VALUE, batch::add);
      batch.flush();
      FilterPlans.went(
          FilterPlans.ALL_SEGMENTS,
          new FilterPlans.Attempt(FilterPlans.Plan.SCAN_MATCHES, false),
          view.points(),
          memo.estimatedBefore(),
          batch.flushed(),
          batch.flushed(),
          batch.flushed());
    } else {
      for (int slot = view.nextLive(0); slot >= 0; slot = view.nextLive(slot + 1)) {
        batch.add(slot);
      }
    }
    batch.flush();
  }

  private static SlotScorer within(SlotScorer scorer, float bound, boolean isDescending) {
    return (slots, count, scores) -> {
      scorer.score(slots, count, scores);
      for (int i = 0; i < count; i++) {
        if (!(isDescending ? scores[i] > bound : scores[i] < bound)) {
          scores[i] = Float.NaN;
        }
      }
    };
  }

  private static List<SlotHit> within(
      List<SlotHit> hits, @Nullable Float threshold, boolean isDescending) {
    if (threshold == null) {
      return hits;
    }
    float bound = threshold;
    return hits.stream()
        .filter(hit -> isDescending ? hit.score() > bound : hit.score() < bound)
        .toList();
  }
}
