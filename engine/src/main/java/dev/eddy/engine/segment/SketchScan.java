package dev.eddy.engine.segment;

import dev.eddy.engine.graph.MatchScanner;
import dev.eddy.engine.graph.Rows;
import dev.eddy.engine.graph.ScratchPool;
import dev.eddy.engine.graph.SearchScratch;
import dev.eddy.engine.quantization.RowCodes;
import org.jspecify.annotations.Nullable;

/**
 * A scan of slots that are handed over one by one, ascending: their rows are estimated where they
 * have sketches, and the best of each segment scored; others are scored at once. Close it. Not
 * thread-safe.
 */
public final class SketchScan implements AutoCloseable {
  /** Rows that are scored at least. */
  public static final int BEST_MIN = 100;

  private static final int BATCH_ROWS = 64;

  private final SegmentView[] views;
  private final VectorFieldSettings settings;
  private final float[] query;
  private final int best;
  private final TopSlots out;
  private final ScratchPool pool;
  private final SearchScratch scratch;
  private final int[] ordinals = new int[BATCH_ROWS];
  private int count;
  private int next;
  private @Nullable SegmentView view;
  private @Nullable RowCodes codes;

  SketchScan(
      SegmentView[] views,
      VectorFieldSettings settings,
      ScratchPool pool,
      float[] query,
      int best,
      TopSlots out) {
    this.views = views;
    this.settings = settings;
    this.query = query;
    this.best = Math.max(best, BEST_MIN);
    this.out = out;
    this.pool = pool;
    this.scratch = pool.acquire();
  }

  /** Takes a slot, which need not have a row; always true, so that it can end a walk over slots. */
  public boolean add(int slot) {
    SegmentView current = view;
    int ordinal = current == null ? -1 : current.ordinalOf(slot);
    while (ordinal < 0 && isBeyondView(slot)) {
      finishView();
      current = views[next++];
      view = current;
      codes = current.segment().rowCodes();
      if (codes != null) {
        MatchScanner.begin(codes, padded(current), best, scratch);
      }
      ordinal = current.ordinalOf(slot);
    }
    if (ordinal >= 0) {
      ordinals[count++] = ordinal;
      if (count == BATCH_ROWS) {
        flush();
      }
    }
    return true;
  }

  private boolean isBeyondView(int slot) {
    SegmentView current = view;
    return next < views.length
        && (current == null
            || current.rowCount() == 0
            || slot > current.slots()[current.rowCount() - 1]);
  }

  private float[] padded(SegmentView of) {
    return scratch.padded(query, settings.dimension(), of.segment().rows().stride());
  }

  private void flush() {
    SegmentView current = view;
    if (current == null || count == 0) {
      return;
    }
    if (codes != null) {
      MatchScanner.add(codes, ordinals, count, scratch);
    } else {
      float[] scores = scratch.scores(BATCH_ROWS);
      current.segment().rows().score(padded(current), 0, ordinals, 0, count, scores);
      for (int i = 0; i < count; i++) {
        offer(current, ordinals[i], scores[i]);
      }
      out.addVisitedRows(count);
      out.addFileRows(current.segment() instanceof SealedSegment ? count : 0);
    }
    count = 0;
  }

  private void offer(SegmentView of, int ordinal, float score) {
    if (out.admits(score)) {
      out.offer(of.slots()[ordinal], score);
    }
  }

  private void finishView() {
    flush();
    SegmentView current = view;
    if (current == null || codes == null) {
      return;
    }
    Rows rows = current.segment().rows();
    MatchScanner.finish(rows, padded(current), scratch);
    for (int i = 0; i < scratch.results(); i++) {
      offer(current, scratch.ordinalAt(i), scratch.scoreAt(i));
    }
    out.addVisitedRows(scratch.visitedRows());
  }

  /** Scores what is left; nothing can be added any more. */
  public void finish() {
    finishView();
    view = null;
    codes = null;
    next = views.length;
  }

  @Override
  public void close() {
    pool.release(scratch);
  }
}
