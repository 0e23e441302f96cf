package dev.eddy.engine.segment;

import dev.eddy.engine.graph.Acceptor;
import dev.eddy.engine.graph.CodedSearcher;
import dev.eddy.engine.graph.FusedSearcher;
import dev.eddy.engine.graph.FusedTwoHopSearcher;
import dev.eddy.engine.graph.GraphSearcher;
import dev.eddy.engine.graph.GraphView;
import dev.eddy.engine.graph.HopLimits;
import dev.eddy.engine.graph.Rows;
import dev.eddy.engine.graph.SearchScratch;
import dev.eddy.engine.graph.TwoHopSearcher;
import dev.eddy.engine.graph.WalkLimits;
import dev.eddy.engine.quantization.CodeTable;
import dev.eddy.engine.quantization.RowCodes;
import org.jspecify.annotations.Nullable;

/**
 * By what one search of a segment compares; null each where there is none of these, or it is to be
 * ignored. Immutable; what it holds may be read as long as it is borrowed.
 *
 * @param fused the graph's speed form; its results are compared whole
 * @param blocks codes that belong to it
 * @param own rows' own codes, looked at only where there is no speed form
 */
record SearchForm(@Nullable FusedGraph fused, @Nullable RowCodes blocks, @Nullable CodeTable own) {
  static final SearchForm WHOLE = new SearchForm(null, null, null);

  /**
   * Searches a graph by its speed form, or by whole rows.
   *
   * @param query padded to the rows' stride
   * @return false when that went over the limits of the way
   * @throws IllegalArgumentException where the way is no search of a graph
   */
  boolean walk(
      GraphView graph,
      Rows rows,
      float[] query,
      SlotSearch params,
      Acceptor acceptor,
      SearchScratch scratch) {
    int ef = params.ef();
    return switch (params.way()) {
      case SlotSearch.Way.Walk(WalkLimits limits) ->
          fused == null
              ? GraphSearcher.search(graph, rows, query, ef, acceptor, limits, scratch)
              : FusedSearcher.search(
                  graph,
                  fused.blocks(),
                  fused.codes().quantizer(),
                  rows,
                  query,
                  ef,
                  acceptor,
                  limits,
                  scratch);
      case SlotSearch.Way.TwoHop(HopLimits limits) ->
          fused == null
              ? TwoHopSearcher.search(graph, rows, query, ef, acceptor, limits, scratch)
              : FusedTwoHopSearcher.search(
                  graph, fused.blocks(), rows, query, ef, acceptor, limits, scratch);
      case SlotSearch.Way.Exact _, SlotSearch.Way.Codes _ -> throw new IllegalArgumentException();
    };
  }

  /** The same by rows' own codes. */
  static boolean walk(
      GraphView graph,
      CodedSearcher.Query query,
      int ef,
      SlotSearch.Way way,
      Acceptor acceptor,
      SearchScratch scratch) {
    return switch (way) {
      case SlotSearch.Way.Walk(WalkLimits limits) ->
          CodedSearcher.search(graph, query, ef, acceptor, limits, scratch);
      case SlotSearch.Way.TwoHop(HopLimits limits) ->
          CodedSearcher.searchTwoHops(graph, query, ef, acceptor, limits, scratch);
      case SlotSearch.Way.Exact _, SlotSearch.Way.Codes _ -> throw new IllegalArgumentException();
    };
  }
}
