package dev.eddy.engine.search;

import dev.eddy.engine.sparse.Among;
import dev.eddy.engine.sparse.SparseHits;
import dev.eddy.model.point.Vector;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the points whose sparse vectors have the largest products with a query: exactly. A filter
 * is asked of what would be among the hits, unless few points match it: then those are scored.
 */
final class SparseSearch {
  private final ShardView view;

  SparseSearch(ShardView view) {
    this.view = view;
  }

  void search(SparseVectors vectors, Vector query, @Nullable FilterMemo memo, TopHits hits) {
    vectors
        .vectors()
        .search(
            vectors.prepared(query),
            memo == null ? null : new Matching(memo),
            new Hits(view, memo, hits));
  }

  private record Matching(FilterMemo memo) implements Among {
    @Override
    public long count() {
      return memo.isByIds() ? 0 : memo.estimate().matches();
    }

    @Override
    public void forEach(IntPredicate consumer) {
      memo.forEachMatch(consumer);
    }
  }

  private static final class Hits implements SparseHits {
    private final ShardView view;
    private final @Nullable FilterMemo memo;
    private final TopHits hits;
    private float threshold;

    /** Live matching slots; null where they are asked for one by one, which may take long. */
    private long @Nullable [] matching;

    private boolean isAsked;

    Hits(ShardView view, @Nullable FilterMemo memo, TopHits hits) {
      this.view = view;
      this.memo = memo;
      this.hits = hits;
      this.threshold = hits.lowest();
    }

    @Override
    public float threshold() {
      return threshold;
    }

    @Override
    public int wanted() {
      return hits.wanted();
    }

    @Override
    public boolean accepts(int slot) {
      if (memo == null) {
        return view.isLive(slot);
      }
      if (!isAsked) {
        isAsked = true;
        matching = memo.matchingBits(Long.MAX_VALUE);
      }
      long[] bits = matching;
      return bits == null
          ? view.isLive(slot) && memo.matches(slot)
          : (bits[slot >>> 6] & 1L << slot) != 0;
    }

    @Override
    public void offer(int slot, float score) {
      hits.offer(slot, score);
      threshold = hits.lowest();
    }
  }
}
