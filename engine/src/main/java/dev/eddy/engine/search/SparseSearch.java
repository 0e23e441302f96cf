package dev.eddy.engine.search;

import dev.eddy.engine.sparse.SparseHits;
import dev.eddy.engine.sparse.SparseQuery;
import dev.eddy.model.point.Vector;
import org.jspecify.annotations.Nullable;

/**
 * Finds the points whose sparse vectors have the largest products with a query: exactly. A filter
 * is asked of what would be among the hits, unless few points match it: then those are scored.
 */
final class SparseSearch {
  /** Below this part of matching points they are scored one by one. */
  private static final double FEW = 0.02;

  private final ShardView view;

  SparseSearch(ShardView view) {
    this.view = view;
  }

  void search(SparseVectors vectors, Vector query, @Nullable FilterMemo memo, TopHits hits) {
    if (memo != null && (memo.isByIds() || memo.estimate().matches() < FEW * view.points())) {
      NamedVectors.Scorer scorer = vectors.scorer(query);
      int[] one = new int[1];
      float[] score = new float[1];
      memo.forEachMatch(slot -> {
        one[0] = slot;
        scorer.score(one, 1, score);
        if (!Float.isNaN(score[0])) {
          hits.offer(slot, score[0]);
        }
        return true;
      });
      return;
    }
    SparseQuery prepared = vectors.prepared(query);
    vectors
        .vectors()
        .search(
            prepared,
            new SparseHits() {
              @Override
              public float threshold() {
                return hits.lowest();
              }

              @Override
              public void offer(int slot, float score) {
                if (view.isLive(slot) && (memo == null || memo.matches(slot))) {
                  hits.offer(slot, score);
                }
              }
            });
  }
}
