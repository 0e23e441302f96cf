package dev.eddy.engine.segment;

import dev.eddy.engine.graph.CodedSearcher;
import dev.eddy.engine.graph.MatchScanner;
import dev.eddy.engine.graph.Rows;
import dev.eddy.engine.graph.ScratchPool;
import dev.eddy.engine.graph.SearchScratch;
import dev.eddy.engine.quantization.CodeTable;
import dev.eddy.engine.quantization.RowCodes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A scan of slots that are handed over ascending, in the segments that are to be scanned: rows are
 * estimated by sketches or by their own codes and scored where they may be hits, or scored at once.
 * Close it. Not thread-safe.
 */
public final class SketchScan implements AutoCloseable {
  /** How the rows of a segment are found. */
  public enum How {
    /** Not at all. */
    SKIP,
    /** Each is scored. */
    EXACT,
    /** By their sketches where there are some. */
    SKETCHES,
    /** By their own codes where there are some, and the best whole. */
    OWN_CODES
  }

  /** Where rows don't lie by slot, so many are put in the order in which they lie. */
  private static final int ORDERED_ROWS = 4_096;

  /** So many rows are estimated before the best are scored; eight bytes each are kept. */
  private static final int ROUND_ROWS = 1 << 15;

  private final SegmentView[] views;
  private final How[] hows;
  private final VectorFieldSettings settings;
  private final float[] query;
  private final SlotSearch asked;
  private final int best;
  private final TopSlots out;
  private final ScratchPool pool;
  private final SearchScratch scratch;
  private int[] ordinals = new int[MatchScanner.TOGETHER];
  private int count;
  private int next;
  private long takenRows;

  private @Nullable SegmentView view;

  /** Of the view: how it is scanned, its last slot, and the rows that are looked at. */
  private How how = How.SKIP;

  private int lastSlot = -1;
  private int rowLimit;

  /** The last ordinal of the view that was found, or before its first. */
  private int found = -1;

  private @Nullable RowCodes codes;
  private @Nullable CodeTable borrowed;
  private CodedSearcher.@Nullable Matches coded;
  private float[] padded = new float[0];

  /**
   * @param hows one per view
   * @param asked what is wanted; the way is that of the views
   */
  SketchScan(
      SegmentView[] views,
      How[] hows,
      VectorFieldSettings settings,
      ScratchPool pool,
      float[] query,
      SlotSearch asked,
      TopSlots out) {
    this.views = views;
    this.hows = hows;
    this.settings = settings;
    this.query = query;
    this.asked = asked;
    this.best = SlotSearch.scoredAfterSketches(asked.k(), asked.ef());
    this.out = out;
    this.pool = pool;
    this.scratch = pool.acquire();
  }

  /**
   * Takes slots, which need not have rows.
   *
   * @return false when no larger slot is of use
   */
  public boolean add(int[] slots, int slotCount) {
    int at = 0;
    while (at < slotCount) {
      SegmentView current = view;
      if (current != null && slots[at] <= lastSlot) {
        at = take(current, slots, at, slotCount);
      } else if (next == views.length) {
        return false;
      } else {
        finishView();
        begin(views[next], hows[next]);
        next++;
      }
    }
    return true;
  }

  private void begin(SegmentView current, How wanted) {
    view = current;
    how = wanted;
    lastSlot = current.lastSlot();
    rowLimit = current.searchedRows(asked.indexedOnly());
    found = -1;
    if (ordinals.length < ORDERED_ROWS && current.order() != null) {
      ordinals = new int[ORDERED_ROWS];
    }
    codes = how == How.SKETCHES ? current.segment().rowCodes() : null;
    padded = scratch.padded(query, settings.dimension(), current.segment().rows().stride());
    if (codes != null) {
      MatchScanner.begin(codes, padded, best, scratch);
    }
    if (how == How.OWN_CODES) {
      beginCoded(current);
    }
  }

  /** Where codes are gone since the plan was made, whole rows are scored. */
  private void beginCoded(SegmentView current) {
    CodeTable own = current.segment().borrowCodes();
    borrowed = own;
    if (own != null) {
      coded = new CodedSearcher.Matches(current.coded(own, padded, asked), scratch);
    }
  }

  /** Takes slots of the view; returns where those behind it begin. */
  private int take(SegmentView current, int[] slots, int from, int to) {
    int at = from;
    int first = current.firstOfRun();
    for (; at < to && slots[at] <= lastSlot; at++) {
      int ordinal = first >= 0 ? slots[at] - first : current.ordinalOf(slots[at], found);
      if (ordinal < 0 || ordinal >= rowLimit || how == How.SKIP) {
        continue;
      }
      found = ordinal;
      ordinals[count++] = ordinal;
      takenRows++;
      if (count == ordinals.length) {
        flush(current);
      }
    }
    return at;
  }

  private void flush(SegmentView current) {
    if (current.order() != null) {
      Arrays.sort(ordinals, 0, count);
    }
    for (int at = 0; at < count; at += MatchScanner.TOGETHER) {
      int rows = Math.min(MatchScanner.TOGETHER, count - at);
      if (coded != null) {
        coded.add(ordinals, at, rows);
      } else if (codes == null) {
        score(current, at, rows);
      } else {
        MatchScanner.add(codes, ordinals, at, rows, scratch);
        if (MatchScanner.given(scratch) >= ROUND_ROWS) {
          scoreEstimated(current);
          MatchScanner.beginAgain(best, scratch);
        }
      }
    }
    count = 0;
  }

  private void score(SegmentView current, int from, int rows) {
    float[] scores = scratch.scores(ordinals.length);
    current.segment().rows().score(padded, 0, ordinals, from, rows, scores);
    for (int i = from; i < from + rows; i++) {
      offer(current, ordinals[i], scores[i]);
    }
    countRows(current, rows);
  }

  private void scoreEstimated(SegmentView current) {
    Rows rows = current.segment().rows();
    MatchScanner.scoreBest(rows, padded, scratch);
    offerResults(current);
    while (MatchScanner.scoreMore(rows, padded, out.lowest(), scratch)) {
      offerResults(current);
    }
    countRows(current, scratch.visitedRows());
  }

  private void offerResults(SegmentView current) {
    for (int i = 0; i < scratch.results(); i++) {
      offer(current, scratch.ordinalAt(i), scratch.scoreAt(i));
    }
  }

  private void countRows(SegmentView current, long rows) {
    out.addVisitedRows(rows);
    out.addFileRows(current.isInFile() ? rows : 0);
  }

  private void offer(SegmentView of, int ordinal, float score) {
    if (out.admits(score)) {
      out.offer(of.slots()[ordinal], score);
    }
  }

  private void finishView() {
    SegmentView current = view;
    if (current != null) {
      flush(current);
      if (codes != null) {
        scoreEstimated(current);
      }
      finishCoded(current);
    }
  }

  private void finishCoded(SegmentView current) {
    CodeTable own = borrowed;
    if (coded != null && own != null) {
      coded.finish();
      offerResults(current);
      long visited = scratch.visitedRows();
      long compared = scratch.comparedRows();
      out.addVisitedRows(visited, current.costOf(own, visited, compared));
      out.addFileRows(compared);
    }
    giveBackCodes();
  }

  private void giveBackCodes() {
    coded = null;
    if (borrowed != null) {
      SegmentCodes.giveBack(borrowed);
      borrowed = null;
    }
  }

  /** Slots so far that have a row in what is scanned. */
  public long takenRows() {
    return takenRows;
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
    giveBackCodes();
    pool.release(scratch);
  }
}
