package dev.eddy.engine.graph;

import dev.eddy.engine.quantization.CodeTable;
import org.jspecify.annotations.Nullable;

/**
 * Searches by estimates from the rows' own codes, and then compares those with the best estimates
 * whole. Static; all state is in the scratch.
 */
public final class CodedSearcher {
  private static final int BATCH_ROWS = 64;

  /** Nodes expanded together, so that more misses overlap and the pool is sorted less often. */
  private static final int STEP_NODES = 4;

  private CodedSearcher() {}

  /**
   * As {@link GraphSearcher#search}, by codes.
   *
   * @param compared how many results are kept and compared whole; 0 = all are kept, with their
   *     estimates
   */
  public static boolean search(
      GraphView graph,
      CodeTable codes,
      Rows rows,
      float[] query,
      int ef,
      @Nullable Acceptor acceptor,
      WalkLimits limits,
      int compared,
      SearchScratch scratch) {
    scratch.begin();
    long entry = graph.entryPoint();
    if (entry == EntryPoint.NONE) {
      return true;
    }
    codes.quantizer().prepare(query, 0, scratch.code);
    CodedRows coded = new CodedRows(codes, rows, scratch.code);
    int limit =
        rows.count(); // After the entry, which is below it then. Newer nodes are passed over.
    int start = GraphSearcher.descend(graph, coded, query, 0, limit, entry, 0, scratch);
    beam(graph, coded, query, limit, start, ef, acceptor, limits, scratch);
    takePool(scratch);
    if (scratch.withinBudget && compared > 0) {
      compare(rows, query, compared, scratch);
    }
    return scratch.withinBudget;
  }

  /** The beam on layer 0, from one node; fills the scratch's pool. */
  private static void beam(
      GraphView graph,
      CodedRows coded,
      float[] query,
      int limit,
      int start,
      int ef,
      @Nullable Acceptor acceptor,
      WalkLimits limits,
      SearchScratch scratch) {
    CandidatePool pool = scratch.pool;
    VisitedSet visited = scratch.visited;
    int most = STEP_NODES * graph.maxLinks();
    int[] links = scratch.links(graph.maxLinks());
    int[] batch = scratch.batch(most);
    float[] scores = scratch.scores(most);
    int[] nodes = scratch.step;
    pool.reset(ef, limits.beam());
    visited.reset(limit);
    visited.add(start);
    batch[0] = start;
    int gathered = 1;
    while (true) {
      coded.score(query, 0, batch, 0, gathered, scores);
      enter(batch, gathered, scores, acceptor, scratch);
      scratch.visitedRows += gathered;
      if (limits.areExceeded(scratch)) {
        return;
      }
      int count = pool.expandNext(nodes, scratch.stepAccepted, STEP_NODES);
      if (count == 0) {
        scratch.withinBudget = !pool.isShort();
        return;
      }
      gathered = 0;
      for (int i = 0; i < count; i++) {
        int linked = graph.links(0, nodes[i], links);
        for (int j = 0; j < linked; j++) {
          int id = links[j];
          if (id < limit && visited.add(id)) {
            batch[gathered++] = id;
          }
        }
      }
    }
  }

  private static void takePool(SearchScratch scratch) {
    CandidatePool pool = scratch.pool;
    for (int i = 0; i < pool.size(); i++) {
      if (pool.isAcceptedAt(i)) {
        scratch.addResult(pool.nodeAt(i), pool.scoreAt(i));
      }
    }
  }

  /**
   * Leaves the accepted rows of {@code [from, to)} with the best estimates as the scratch's
   * results.
   *
   * @param query padded to the rows' stride
   * @param best how many rows are kept
   * @param isCompared whether these are compared whole
   */
  public static void scan(
      CodeTable codes,
      Rows rows,
      float[] query,
      int from,
      int to,
      int best,
      @Nullable Acceptor acceptor,
      boolean isCompared,
      SearchScratch scratch) {
    scratch.begin();
    CandidatePool pool = scratch.pool;
    pool.reset(best);
    codes.quantizer().prepare(query, 0, scratch.code);
    CodedRows coded = new CodedRows(codes, rows, scratch.code);
    int[] batch = scratch.batch(BATCH_ROWS);
    float[] scores = scratch.scores(BATCH_ROWS);
    for (int first = from; first < to; first += BATCH_ROWS) {
      int count = Math.min(BATCH_ROWS, to - first);
      for (int i = 0; i < count; i++) {
        batch[i] = first + i;
      }
      coded.score(query, 0, batch, 0, count, scores);
      enter(batch, count, scores, acceptor, scratch);
    }
    takePool(scratch);
    scratch.visitedRows += to - from;
    if (isCompared) {
      compare(rows, query, best, scratch);
    }
  }

  private static void enter(
      int[] batch, int count, float[] scores, @Nullable Acceptor acceptor, SearchScratch scratch) {
    float threshold = scratch.pool.threshold();
    scratch.entering = 0;
    long[] entries = scratch.entries(count);
    int entering = 0;
    for (int i = 0; i < count; i++) {
      if (scores[i] > threshold && (acceptor == null || acceptor.accept(batch[i]))) {
        entries[entering++] = CandidatePool.entry(batch[i], scores[i], true);
      }
    }
    scratch.pool.merge(entries, entering);
  }

  /** Compares the best results whole and forgets the others. */
  private static void compare(Rows rows, float[] query, int most, SearchScratch scratch) {
    int count = Math.min(most, scratch.results());
    int[] ordinals = scratch.batch(count);
    float[] scores = scratch.scores(count);
    for (int i = 0; i < count; i++) {
      ordinals[i] = scratch.ordinalAt(i);
    }
    rows.score(query, 0, ordinals, 0, count, scores);
    scratch.visitedRows += count;
    scratch.comparedRows += count;
    scratch.setResults(ordinals, scores, count);
  }
}
