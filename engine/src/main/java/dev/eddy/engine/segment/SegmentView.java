package dev.eddy.engine.segment;

import dev.eddy.engine.graph.Acceptor;
import dev.eddy.engine.graph.CodeScanner;
import dev.eddy.engine.graph.FusedSearcher;
import dev.eddy.engine.graph.GraphSearcher;
import dev.eddy.engine.graph.GraphView;
import dev.eddy.engine.graph.Rows;
import dev.eddy.engine.graph.SearchScratch;
import dev.eddy.engine.quantization.RowCodes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The first {@code rowCount} rows of a segment, as one snapshot sees it. Immutable; safe from any
 * thread while the segment is retained.
 *
 * @param segment the segment
 * @param rowCount rows of the snapshot
 * @param slots slot of each of these rows, ascending; may be longer
 */
record SegmentView(Segment segment, int rowCount, int[] slots) {
  private static final int SCAN_BATCH_ROWS = 64;

  /** Fewer rows are scored themselves. */
  private static final int CODE_SCAN_ROWS_MIN = 4_096;

  /** Rows scored after a scan of codes, at least, and per hit wanted. */
  private static final int CODE_SCAN_BEST_MIN = 200;

  private static final int CODE_SCAN_BEST_PER_HIT = 10;

  static SegmentView of(Segment segment) {
    int rowCount = segment.rowCount();
    return new SegmentView(segment, rowCount, segment.slots());
  }

  /** The ordinal of a slot; negative when this view has no row for it. */
  int ordinalOf(int slot) {
    if (rowCount == 0 || slot < slots[0] || slot > slots[rowCount - 1]) {
      return -1;
    }
    int guess = slot - slots[0]; // Right when every point has a vector of this name.
    if (guess < rowCount && slots[guess] == slot) {
      return guess;
    }
    return Arrays.binarySearch(slots, 0, Math.min(rowCount, guess + 1), slot);
  }

  /** Adds the best rows of this view to out; false when the graph search went over its budget. */
  boolean search(
      float[] query,
      SlotSearch params,
      SlotAcceptor accept,
      long budget,
      TopSlots out,
      SearchScratch scratch) {
    @Nullable GraphView graph = params.exact() ? null : segment.graph();
    if (graph == null) {
      scan(query, 0, rowCount, accept, out, scratch);
      return true;
    }
    int linked = Math.min(segment.linkedRows(), rowCount);
    if (linked > 0 && !walk(graph, query, params.ef(), linked, accept, budget, scratch)) {
      out.addVisitedRows(scratch.visitedRows());
      return false;
    }
    int from = linked;
    if (linked > 0) {
      out.addVisitedRows(scratch.visitedRows());
      if (scratch.results() < params.k()) {
        // The beam has been everywhere it can go and is short of hits: what the graph does not
        // reach
        // may still match.
        from = 0;
      } else {
        offerResults(out, scratch);
      }
    }
    int to = params.indexedOnly() ? linked : rowCount;
    RowCodes codes = segment.rowCodes();
    if (from == linked && codes != null && to - from >= CODE_SCAN_ROWS_MIN) {
      scanCodes(codes, query, from, to, params, accept, out, scratch);
    } else {
      scan(query, from, to, accept, out, scratch);
    }
    return true;
  }

  private boolean walk(
      GraphView graph,
      float[] query,
      int ef,
      int linked,
      SlotAcceptor accept,
      long budget,
      SearchScratch scratch) {
    int[] slots = this.slots;
    // Looking up the slot is a cache miss of its own.
    Acceptor acceptor =
        accept == SlotAcceptor.ALL
            ? ordinal -> ordinal < linked
            : ordinal -> ordinal < linked && accept.accept(slots[ordinal]);
    FusedGraph fused = segment.fusedGraph();
    return fused == null
        ? GraphSearcher.search(graph, segment.rows(), query, ef, acceptor, budget, scratch)
        : FusedSearcher.search(
            graph,
            fused.blocks(),
            fused.codes().quantizer(),
            segment.rows(),
            query,
            ef,
            acceptor,
            budget,
            scratch);
  }

  private void offerResults(TopSlots out, SearchScratch scratch) {
    for (int i = 0; i < scratch.results(); i++) {
      if (out.admits(scratch.scoreAt(i))) {
        out.offer(slots[scratch.ordinalAt(i)], scratch.scoreAt(i));
      }
    }
  }

  /**
   * Estimates every row of {@code [from, to)} and scores the accepted ones with the best estimates.
   */
  private void scanCodes(
      RowCodes codes,
      float[] query,
      int from,
      int to,
      SlotSearch params,
      SlotAcceptor accept,
      TopSlots out,
      SearchScratch scratch) {
    int[] slots = this.slots;
    int best =
        Math.max(params.ef(), Math.max(CODE_SCAN_BEST_MIN, CODE_SCAN_BEST_PER_HIT * params.k()));
    Acceptor acceptor =
        accept == SlotAcceptor.ALL ? null : ordinal -> accept.accept(slots[ordinal]);
    CodeScanner.scan(codes, segment.rows(), query, from, to, best, acceptor, scratch);
    out.addVisitedRows(scratch.visitedRows());
    offerResults(out, scratch);
  }

  /** Scores every accepted row of {@code [from, to)}. */
  private void scan(
      float[] query, int from, int to, SlotAcceptor accept, TopSlots out, SearchScratch scratch) {
    Rows rows = segment.rows();
    int[] batch = scratch.batch(SCAN_BATCH_ROWS);
    float[] scores = scratch.scores(SCAN_BATCH_ROWS);
    int[] slots = this.slots;
    int ordinal = from;
    while (ordinal < to) {
      int count = 0;
      while (ordinal < to && count < SCAN_BATCH_ROWS) {
        if (accept.accept(slots[ordinal])) {
          batch[count++] = ordinal;
        }
        ordinal++;
      }
      rows.score(query, 0, batch, 0, count, scores);
      out.addVisitedRows(count);
      for (int i = 0; i < count; i++) {
        if (out.admits(scores[i])) {
          out.offer(slots[batch[i]], scores[i]);
        }
      }
    }
  }
}
