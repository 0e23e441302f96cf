package dev.eddy.engine.segment;

import dev.eddy.engine.graph.MatchScanner;
import dev.eddy.engine.graph.ScratchPool;
import dev.eddy.engine.graph.SearchScratch;
import dev.eddy.engine.quantization.RowCodes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A scan of slots that are handed over one by one, ascending: their rows are estimated where they
 * have sketches, and the best of each segment scored; others are scored at once. Close it. Not
 * thread-safe.
 */
public final class SketchScan implements AutoCloseable {
  private static final int BATCH_ROWS = 64;

  /** Where rows don't lie by slot, so many are put in the order in which they lie. */
  private static final int ORDERED_ROWS = 4_096;

  private final SegmentView[] views;
  private final VectorFieldSettings settings;
  private final float[] query;
  private final int best;
  private final TopSlots out;
  private final ScratchPool pool;
  private final SearchScratch scratch;
  private final int[] batch = new int[BATCH_ROWS];
  private int[] ordinals = new int[BATCH_ROWS];
  private int count;
  private int next;

  /** The last ordinal of the view that was found, or before its first. */
  private int found = -1;

  private @Nullable SegmentView view;
  private @Nullable RowCodes codes;
  private float[] padded = new float[0];
  private float leftOutScore = Float.NEGATIVE_INFINITY;
  private boolean hasLost;

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
    this.best = best;
    this.out = out;
    this.pool = pool;
    this.scratch = pool.acquire();
  }

  /** Takes a slot, which need not have a row; always true, so that it can end a walk over slots. */
  public boolean add(int slot) {
    SegmentView current = view;
    int ordinal = current == null ? -1 : current.ordinalOf(slot, found);
    while (ordinal < 0 && isBeyondView(slot)) {
      finishView();
      current = views[next++];
      view = current;
      found = -1;
      boolean isOrdered = current.order() != null;
      ordinals = ordinals.length < ORDERED_ROWS && isOrdered ? new int[ORDERED_ROWS] : ordinals;
      codes = current.segment().rowCodes();
      padded = scratch.padded(query, settings.dimension(), current.segment().rows().stride());
      if (codes != null) {
        MatchScanner.begin(codes, padded, best, scratch);
      }
      ordinal = current.ordinalOf(slot);
    }
    if (ordinal >= 0) {
      found = ordinal;
      ordinals[count++] = ordinal;
      if (count == ordinals.length) {
        flush();
      }
    }
    return true;
  }

  private boolean isBeyondView(int slot) {
    SegmentView current = view;
    return next < views.length && (current == null || slot > current.lastSlot());
  }

  private void flush() {
    SegmentView current = view;
    if (current == null || count == 0) {
      return;
    }
    if (current.order() != null) {
      Arrays.sort(ordinals, 0, count);
    }
    for (int at = 0; at < count; at += BATCH_ROWS) {
      int rows = Math.min(BATCH_ROWS, count - at);
      System.arraycopy(ordinals, at, batch, 0, rows);
      add(current, rows);
    }
    count = 0;
  }

  private void add(SegmentView current, int rows) {
    if (codes != null) {
      MatchScanner.add(codes, batch, rows, scratch);
      return;
    }
    float[] scores = scratch.scores(BATCH_ROWS);
    current.segment().rows().score(padded, 0, batch, 0, rows, scores);
    for (int i = 0; i < rows; i++) {
      offer(current, batch[i], scores[i]);
    }
    out.addVisitedRows(rows);
    out.addFileRows(current.segment() instanceof SealedSegment ? rows : 0);
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
    MatchScanner.finish(current.segment().rows(), padded, scratch);
    for (int i = 0; i < scratch.results(); i++) {
      offer(current, scratch.ordinalAt(i), scratch.scoreAt(i));
    }
    out.addVisitedRows(scratch.visitedRows());
    leftOutScore = Math.max(leftOutScore, scratch.leftOutScore(out.wanted()));
    // Estimates beyond the range of numbers are compared with nothing.
    hasLost |= scratch.results() < Math.min(best, scratch.offeredRows());
  }

  /**
   * Scores what is left; nothing can be added any more.
   *
   * @return whether rows that were only estimated are no better than the hits; where estimates
   *     differ less than they err nobody knows
   */
  public boolean finish() {
    finishView();
    view = null;
    codes = null;
    next = views.length;
    return !hasLost && (leftOutScore == Float.NEGATIVE_INFINITY || !out.admits(leftOutScore));
  }

  @Override
  public void close() {
    pool.release(scratch);
  }
}
