package dev.eddy.engine.segment;

import dev.eddy.engine.graph.Acceptor;
import dev.eddy.engine.graph.CodeScanner;
import dev.eddy.engine.graph.CodedSearcher;
import dev.eddy.engine.graph.FusedSearcher;
import dev.eddy.engine.graph.GraphSearcher;
import dev.eddy.engine.graph.GraphView;
import dev.eddy.engine.graph.Rows;
import dev.eddy.engine.graph.SearchScratch;
import dev.eddy.engine.quantization.CodeTable;
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
    Form form = form(params.codes());
    if (linked > 0 && !walk(graph, form, query, params, linked, accept, budget, scratch)) {
      countVisited(form, out, scratch);
      return false;
    }
    int from = linked;
    if (linked > 0) {
      countVisited(form, out, scratch);
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
    if (from == linked && to - from >= CODE_SCAN_ROWS_MIN) {
      scanCodes(form, query, from, to, params, accept, out, scratch);
    } else {
      scan(query, from, to, accept, out, scratch);
    }
    return true;
  }

  /**
   * By what a search compares.
   *
   * @param fused the graph's speed form; its results are compared whole
   * @param codes rows' own codes, looked at only where there is no speed form
   */
  private record Form(@Nullable FusedGraph fused, @Nullable CodeTable codes) {}

  private Form form(CodeUse use) {
    FusedGraph fused = segment.fusedGraph();
    boolean isCoded = fused == null && !use.isIgnored();
    return new Form(fused, isCoded ? segment.codeTable() : null);
  }

  private static int compared(CodeTable codes, SlotSearch params) {
    CodeUse use = params.codes();
    double perHit = Math.max(use.oversampling(), codes.quantizer().width().rescoredPerHit());
    return use.isCompared() ? (int) Math.min(params.k() * perHit, Integer.MAX_VALUE >> 1) : 0;
  }

  /** Rows compared whole come from the file, where the segment is one; codes do not. */
  private void countVisited(Form form, TopSlots out, SearchScratch scratch) {
    out.addVisitedRows(scratch.visitedRows());
    if (segment instanceof SealedSegment) {
      out.addFileRows(form.codes() == null ? scratch.visitedRows() : scratch.comparedRows());
    }
  }

  private boolean walk(
      GraphView graph,
      Form form,
      float[] query,
      SlotSearch params,
      int linked,
      SlotAcceptor accept,
      long budget,
      SearchScratch scratch) {
    int[] slots = this.slots;
    int ef = params.ef();
    // Looking up the slot is a cache miss of its own.
    Acceptor acceptor =
        accept == SlotAcceptor.ALL
            ? ordinal -> ordinal < linked
            : ordinal -> ordinal < linked && accept.accept(slots[ordinal]);
    FusedGraph fused = form.fused();
    if (fused != null) {
      return FusedSearcher.search(
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
    CodeTable codes = form.codes();
    return codes == null
        ? GraphSearcher.search(graph, segment.rows(), query, ef, acceptor, budget, scratch)
        : CodedSearcher.search(
            graph,
            codes,
            segment.rows(),
            query,
            ef,
            acceptor,
            budget,
            compared(codes, params),
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
   * Estimates every row of {@code [from, to)} and scores the accepted ones with the best estimates;
   * all of them where there are no codes.
   */
  private void scanCodes(
      Form form,
      float[] query,
      int from,
      int to,
      SlotSearch params,
      SlotAcceptor accept,
      TopSlots out,
      SearchScratch scratch) {
    int[] slots = this.slots;
    Acceptor acceptor =
        accept == SlotAcceptor.ALL ? null : ordinal -> accept.accept(slots[ordinal]);
    RowCodes shared = segment.rowCodes();
    CodeTable own = form.codes();
    if (shared != null) {
      int best =
          Math.max(params.ef(), Math.max(CODE_SCAN_BEST_MIN, CODE_SCAN_BEST_PER_HIT * params.k()));
      CodeScanner.scan(shared, segment.rows(), query, from, to, best, acceptor, scratch);
    } else if (own != null) {
      int compared = compared(own, params);
      int best = Math.max(params.k(), compared);
      CodedSearcher.scan(
          own, segment.rows(), query, from, to, best, acceptor, compared > 0, scratch);
    } else {
      scan(query, from, to, accept, out, scratch);
      return;
    }
    countVisited(form, out, scratch);
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
      out.addFileRows(segment instanceof SealedSegment ? count : 0);
      for (int i = 0; i < count; i++) {
        if (out.admits(scores[i])) {
          out.offer(slots[batch[i]], scores[i]);
        }
      }
    }
  }
}
