package dev.eddy.engine.search;

import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.search.TopHits.SlotHit;
import dev.eddy.engine.segment.SlotAcceptor;
import dev.eddy.engine.segment.SlotSearch;
import dev.eddy.engine.segment.TopSlots;
import dev.eddy.engine.segment.VectorFieldSnapshot;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.query.SearchParams;
import dev.eddy.model.shard.ShardService.NearestQuery;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the nearest points of one moment of a shard.
 *
 * <p>Without a filter: the graph, or every point when the search is exact. With one: points named
 * by id are scored directly; a filter that few points match is scanned for (exactly); otherwise the
 * graph is walked and the filter asked of what comes near, and when that visits too much the walk
 * is given up for the scan.
 *
 * <p>Ties at the k-th place are resolved exactly by scans; a walk looks {@link #TIE_ROOM} places
 * further and resolves what it sees there.
 */
final class NearestSearch {
  /** Places that a walk looks beyond k for hits of equal score. */
  static final int TIE_ROOM = 8;

  /** Up to this many points, scanning costs less than choosing. */
  private static final int SCAN_POINTS_MAX = 2_000;

  private static final int SAMPLES = 256;

  /** A filter must leave so many times the beam for a walk to be worth it. */
  private static final int BEAMS_LEFT_MIN = 10;

  /** Rows that an unfiltered walk scores, per place of the beam. */
  private static final int ROWS_PER_BEAM_PLACE = 20;

  private static final int BUDGET_FACTOR = 3;
  private static final int BATCH = 256;

  private final ShardView view;

  NearestSearch(ShardView view) {
    this.view = view;
  }

  /** The hits, best first. */
  List<SlotHit> search(NearestQuery query) {
    FieldView field = view.field(query.using());
    float[] vector = field.prepared(query.vector());
    if (view.points() == 0) {
      return List.of();
    }
    int k = Math.min(query.limit(), view.points());
    Metric metric = field.metric();
    TopHits hits = new TopHits(k, metric.isSimilarity(), view::id);
    @Nullable Filter filter = query.filter();
    @Nullable FilterMemo memo = filter == null ? null : view.memo(filter);
    if (query.params().exact() || !walk(field, vector, query.params(), k, memo, hits)) {
      scan(field.vectors(), vector, memo, hits);
    }
    return aboveThreshold(hits.best(), query.scoreThreshold(), metric.isSimilarity());
  }

  /** Tries the graph; false = it is not the way, or was given up. */
  private boolean walk(
      FieldView field,
      float[] vector,
      SearchParams params,
      int k,
      @Nullable FilterMemo memo,
      TopHits hits) {
    Integer wantedEf = params.hnswEf();
    int ef = Math.max(k, wantedEf == null ? field.defaultEf() : wantedEf);
    SlotAcceptor accept = view.hasDeadSlots() ? view::isLive : SlotAcceptor.ALL;
    long budget = Long.MAX_VALUE;
    if (memo != null) {
      if (memo.isByIds() || view.points() <= SCAN_POINTS_MAX) {
        return false;
      }
      double fraction = memo.sampleFraction(SAMPLES);
      if (fraction * view.points() < (double) BEAMS_LEFT_MIN * ef) {
        return false;
      }
      budget = (long) (BUDGET_FACTOR * ROWS_PER_BEAM_PLACE * ef / fraction);
      accept = slot -> view.isLive(slot) && memo.matches(slot);
    }
    TopSlots top = new TopSlots(Math.min(k + TIE_ROOM, view.points()));
    int wanted = Math.min(k + TIE_ROOM, view.points());
    SlotSearch search = new SlotSearch(wanted, ef, false, budget, params.indexedOnly());
    if (!field.vectors().search(vector, search, accept, top)) {
      return false;
    }
    Metric metric = field.metric();
    for (int i = 0; i < top.size(); i++) {
      hits.offer(top.slot(i), metric.toScore(top.score(i)));
    }
    return true;
  }

  /** Scores every live point that matches. */
  private void scan(
      VectorFieldSnapshot vectors, float[] vector, @Nullable FilterMemo memo, TopHits hits) {
    Batch batch = new Batch(vectors, vector, hits);
    if (memo != null) {
      memo.forEachMatch(batch::add);
    } else {
      for (int slot = view.nextLive(0); slot >= 0; slot = view.nextLive(slot + 1)) {
        batch.add(slot);
      }
    }
    batch.flush();
  }

  /** Gathers slots to score them together. */
  private static final class Batch {
    private final VectorFieldSnapshot vectors;
    private final float[] vector;
    private final TopHits hits;
    private final int[] slots = new int[BATCH];
    private final float[] scores = new float[BATCH];
    private int count;

    Batch(VectorFieldSnapshot vectors, float[] vector, TopHits hits) {
      this.vectors = vectors;
      this.vector = vector;
      this.hits = hits;
    }

    boolean add(int slot) {
      slots[count++] = slot;
      if (count == BATCH) {
        flush();
      }
      return true;
    }

    void flush() {
      vectors.score(vector, slots, count, scores);
      Metric metric = vectors.settings().metric();
      for (int i = 0; i < count; i++) {
        // Not a number: the point has no vector of this name.
        if (!Float.isNaN(scores[i])) {
          hits.offer(slots[i], metric.toScore(scores[i]));
        }
      }
      count = 0;
    }
  }

  private static List<SlotHit> aboveThreshold(
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
