package dev.eddy.engine.segment;

import dev.eddy.engine.graph.Acceptor;
import dev.eddy.engine.graph.CodeScanner;
import dev.eddy.engine.graph.CodedSearcher;
import dev.eddy.engine.graph.GraphView;
import dev.eddy.engine.graph.Rows;
import dev.eddy.engine.graph.SearchScratch;
import dev.eddy.engine.quantization.CodeTable;
import dev.eddy.engine.quantization.RowCodes;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The first {@code rowCount} rows of a segment, as one snapshot sees it. Immutable; safe from any
 * thread while the segment is retained.
 *
 * @param segment the segment
 * @param rowCount rows of the snapshot
 * @param slots slot of each of these rows, ascending where there is no order; may be longer
 * @param order where rows are by slot; null = they lie in that order
 */
record SegmentView(Segment segment, int rowCount, int[] slots, @Nullable SlotOrder order) {
  /** So many rows behind one that was found the next slot is looked for first. */
  private static final int NEAR_ROWS = 16;

  private static final int SCAN_BATCH_ROWS = 64;

  /** More rows are not tested one by one where a plan may follow that knows the matching ones. */
  private static final int SHORT_SCAN_ROWS_MAX = 4_096;

  /** Fewer rows are scored themselves. */
  private static final int CODE_SCAN_ROWS_MIN = 4_096;

  static SegmentView of(Segment segment) {
    int rowCount = segment.rowCount();
    return new SegmentView(segment, rowCount, segment.slots(), segment.slotOrder());
  }

  /** The ordinal of a slot; negative when this view has no row for it. */
  int ordinalOf(int slot) {
    if (order != null) {
      return order.ordinalOf(slot);
    }
    if (rowCount == 0 || slot < slots[0] || slot > slots[rowCount - 1]) {
      return -1;
    }
    int guess = slot - slots[0]; // Right when every point has a vector of this name.
    if (guess < rowCount && slots[guess] == slot) {
      return guess;
    }
    return Arrays.binarySearch(slots, 0, Math.min(rowCount, guess + 1), slot);
  }

  /**
   * The same where the slot's row probably lies shortly behind another: those of a group do, in the
   * order of their slots.
   *
   * @param behind ordinal of the other; -1 = none
   */
  int ordinalOf(int slot, int behind) {
    if (order != null) {
      int end = Math.min(rowCount, behind + 1 + NEAR_ROWS);
      for (int ordinal = behind + 1; ordinal < end && slots[ordinal] <= slot; ordinal++) {
        if (slots[ordinal] == slot) {
          return ordinal;
        }
      }
    }
    return ordinalOf(slot);
  }

  /** Whether rows are read from a file. */
  boolean isInFile() {
    return segment instanceof SealedSegment;
  }

  /** The slot of row 0 where each row is one slot behind the other; else -1. */
  int firstOfRun() {
    return order == null && rowCount > 0 && slots[rowCount - 1] - slots[0] == rowCount - 1
        ? slots[0]
        : -1;
  }

  /**
   * Rows below which all are searched.
   *
   * @param isIndexedOnly whether those that wait for the segment's graph are not
   */
  int searchedRows(boolean isIndexedOnly) {
    return isIndexedOnly && segment.graph() != null
        ? Math.min(segment.linkedRows(), rowCount)
        : rowCount;
  }

  /** The smallest slot; above the last when there is none. */
  int firstSlot() {
    if (order != null) {
      return order.first();
    }
    return rowCount == 0 ? 0 : slots[0];
  }

  /** The largest slot; -1 when there is none. */
  int lastSlot() {
    if (order != null) {
      return order.last();
    }
    return rowCount == 0 ? -1 : slots[rowCount - 1];
  }

  /** Copies the slots of all rows, ascending, to {@code out[at ..)}. */
  void copySlots(int[] out, int at) {
    System.arraycopy(slots, 0, out, at, rowCount);
    if (order != null) {
      Arrays.sort(out, at, at + rowCount);
    }
  }

  /** Adds the best rows of this view to out; false when that was given up. */
  boolean search(
      float[] query, SlotSearch params, SlotAcceptor accept, TopSlots out, SearchScratch scratch) {
    CodeTable borrowed = segment.borrowCodes();
    try {
      SearchForm form = form(params.codes(), borrowed);
      return search(form, query, params, accept, out, scratch);
    } finally {
      if (borrowed != null) {
        SegmentCodes.giveBack(borrowed);
      }
    }
  }

  private boolean search(
      SearchForm form,
      float[] query,
      SlotSearch params,
      SlotAcceptor accept,
      TopSlots out,
      SearchScratch scratch) {
    int linked = Math.min(segment.linkedRows(), rowCount);
    if (params.way() instanceof SlotSearch.Way.Exact) {
      scan(query, 0, searchedRows(params.indexedOnly()), accept, out, scratch);
      return true;
    }
    int from = 0;
    if (linked > 0 && !(params.way() instanceof SlotSearch.Way.Codes)) {
      boolean isDone = walk(form, query, params, linked, accept, scratch);
      // Two hops score what they accept whole where the graph carries codes.
      boolean isFusedWalk = form.fused() != null && params.way() instanceof SlotSearch.Way.Walk;
      countVisited(form.own() != null || isFusedWalk, form, out, scratch);
      if (!isDone) {
        return false;
      }
      // A beam that is short of hits has been everywhere it can go: what the graph does not reach
      // may still match.
      if (scratch.results() >= params.k()) {
        offerResults(out, scratch);
        from = linked;
      } else if (params.way().isLimited() && linked > SHORT_SCAN_ROWS_MAX) {
        return false;
      }
    }
    int to = searchedRows(params.indexedOnly());
    boolean isByCodes = from == linked || params.way() instanceof SlotSearch.Way.Codes;
    if (isByCodes && to - from >= CODE_SCAN_ROWS_MIN) {
      return scanCodes(form, query, from, to, params, accept, out, scratch);
    }
    scan(query, from, to, accept, out, scratch);
    return true;
  }

  /** What to search by now; only what is borrowed may be read. */
  private SearchForm form(CodeUse use, @Nullable CodeTable codes) {
    if (use.isIgnored()) {
      return SearchForm.WHOLE;
    }
    FusedGraph fused = segment.fusedGraph();
    return new SearchForm(fused, segment.rowCodes(), fused == null ? codes : null);
  }

  /** Whether the graph that such a search walks carries codes. */
  boolean isFused(CodeUse use) {
    return form(use, null).fused() != null;
  }

  /** The beam of a walk: what is to be compared whole has to be in it. */
  int beam(SlotSearch params) {
    return beam(form(params.codes(), segment.codeTable()), params);
  }

  private int beam(SearchForm form, SlotSearch params) {
    CodeTable own = form.own();
    return own == null ? params.ef() : Math.max(params.ef(), compared(own, params));
  }

  /** Bytes of what a walk compares of each row. */
  int walkedBytes(CodeUse use) {
    CodeTable own = form(use, segment.codeTable()).own();
    return own == null ? segment.rows().rowBytes() : own.quantizer().codeBytes();
  }

  /** Rows that such a search compares whole after estimates by their own codes; 0 = none. */
  int compared(SlotSearch params) {
    CodeTable own = form(params.codes(), segment.codeTable()).own();
    return own == null ? 0 : compared(own, params);
  }

  private int compared(CodeTable codes, SlotSearch params) {
    CodeUse use = params.codes();
    double perHit = Math.max(use.oversampling(), codes.quantizer().width().rescoredPerHit());
    return use.isCompared() ? (int) Math.min(params.k() * perHit, rowCount) : 0;
  }

  CodedSearcher.Query coded(CodeTable codes, float[] query, SlotSearch params) {
    return new CodedSearcher.Query(codes, segment.rows(), query, compared(codes, params));
  }

  /**
   * Rows compared whole come from the file, where the segment is one; codes do not, and cost the
   * less the shorter they are.
   */
  private void countVisited(
      boolean isByCodes, SearchForm form, TopSlots out, SearchScratch scratch) {
    long visited = scratch.visitedRows();
    long cost = visited;
    CodeTable own = form.own();
    if (isByCodes && own != null) {
      cost = costOf(own, visited, scratch.comparedRows());
    }
    out.addVisitedRows(visited, cost);
    if (segment instanceof SealedSegment) {
      out.addFileRows(isByCodes ? scratch.comparedRows() : scratch.visitedRows());
    }
  }

  /**
   * Of how many whole rows it is the cost that so many were visited, of which some were compared.
   */
  long costOf(CodeTable own, long visited, long compared) {
    long estimated = visited - compared;
    return compared + estimated * own.quantizer().codeBytes() / segment.rows().rowBytes();
  }

  /** Searches the graph; false when that went over its limits. */
  private boolean walk(
      SearchForm form,
      float[] query,
      SlotSearch params,
      int linked,
      SlotAcceptor accept,
      SearchScratch scratch) {
    GraphView graph = Objects.requireNonNull(segment.graph(), "linked rows have a graph");
    Acceptor acceptor = acceptor(linked, accept);
    CodeTable own = form.own();
    return own == null
        ? form.walk(graph, segment.rows(), query, params, acceptor, scratch)
        : SearchForm.walk(
            graph, coded(own, query, params), beam(form, params), params.way(), acceptor, scratch);
  }

  private Acceptor acceptor(int linked, SlotAcceptor accept) {
    int[] slots = this.slots;
    if (accept == SlotAcceptor.ALL) {
      return ordinal -> ordinal < linked;
    }
    int first = slots[0];
    // Looking up the slot is a cache miss of its own.
    return order == null && slots[linked - 1] - first == linked - 1
        ? ordinal -> ordinal < linked && accept.accept(first + ordinal)
        : ordinal -> ordinal < linked && accept.accept(slots[ordinal]);
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
   * all of them where there are no codes. False when a plan of such a scan did not hold: more rows
   * were to be asked for than may be, or estimates don't tell which are the best.
   */
  private boolean scanCodes(
      SearchForm form,
      float[] query,
      int from,
      int to,
      SlotSearch params,
      SlotAcceptor accept,
      TopSlots out,
      SearchScratch scratch) {
    int[] slots = this.slots;
    boolean isPlanned = params.way() instanceof SlotSearch.Way.Codes;
    Acceptor acceptor =
        accept == SlotAcceptor.ALL ? null : ordinal -> accept.accept(slots[ordinal]);
    RowCodes shared = form.blocks();
    CodeTable own = form.own();
    boolean isDone = true;
    if (shared != null) {
      int best = SlotSearch.scoredAfterCodes(params.k(), params.ef());
      long tests = params.way() instanceof SlotSearch.Way.Codes(long most) ? most : Long.MAX_VALUE;
      isDone =
          CodeScanner.scan(shared, segment.rows(), query, from, to, best, acceptor, tests, scratch);
    } else if (own != null && !isPlanned) {
      CodedSearcher.scan(coded(own, query, params), from, to, params.k(), acceptor, scratch);
    } else {
      scan(query, from, to, accept, out, scratch);
      return true;
    }
    countVisited(true, form, out, scratch);
    offerResults(out, scratch);
    return !isPlanned || (isDone && isSure(out, scratch));
  }

  /**
   * Whether the rows that a scan of codes left unscored are no better than the hits. Where fewer
   * rows were found than scored the accepted ones are few, and estimates may not have been numbers.
   */
  private static boolean isSure(TopSlots out, SearchScratch scratch) {
    float leftOut = scratch.leftOutScore(out.wanted());
    return leftOut > Float.NEGATIVE_INFINITY && !out.admits(leftOut);
  }

  /** Scores every accepted row of {@code [from, to)}. */
  private void scan(
      float[] query, int from, int to, SlotAcceptor accept, TopSlots out, SearchScratch scratch) {
    Rows rows = segment.rows();
    int[] batch = scratch.batch(SCAN_BATCH_ROWS);
    float[] scores = scratch.scores(SCAN_BATCH_ROWS);
    int[] slots = this.slots;
    int ordinal = from;
    int expected = from;
    while (ordinal < to) {
      int count = 0;
      while (ordinal < to && count < SCAN_BATCH_ROWS) {
        if (accept.accept(slots[ordinal])) {
          batch[count++] = ordinal;
        }
        ordinal++;
      }
      // A scan of nearly all.
      if (count == SCAN_BATCH_ROWS && batch[0] >= expected && ordinal - batch[0] < 2 * count) {
        expected = Math.min(to, batch[0] + rows.stretch());
        rows.expect(batch[0], expected);
      }
      rows.score(query, 0, batch, 0, count, scores);
      out.addVisitedRows(count);
      out.addFileRows(isInFile() ? count : 0);
      for (int i = 0; i < count; i++) {
        if (out.admits(scores[i])) {
          out.offer(slots[batch[i]], scores[i]);
        }
      }
    }
  }
}
