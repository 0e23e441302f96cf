package dev.eddy.engine.graph;

import org.jspecify.annotations.Nullable;

/**
 * The search of HNSW: greedy through the upper layers, a beam on the layer below. Static and
 * allocation-free per visited node; all state is in the scratch.
 *
 * <p>Unvisited neighbours are gathered first and scored four at a time; comparing one by one costs
 * a third of the speed, because the misses do not overlap.
 */
public final class GraphSearcher {
  private GraphSearcher() {}

  /**
   * Finds the nearest accepted nodes; they are left as the scratch's results.
   *
   * @param query padded to the rows' stride
   * @param ef accepted nodes to keep, at least 1
   * @param acceptor which nodes may be results; null = all
   * @return whether the search ended within the limits
   */
  public static boolean search(
      GraphView graph,
      Rows rows,
      float[] query,
      int ef,
      @Nullable Acceptor acceptor,
      WalkLimits limits,
      SearchScratch scratch) {
    scratch.begin();
    long entry = graph.entryPoint();
    if (entry == EntryPoint.NONE) {
      return true;
    }
    int limit =
        rows.count(); // After the entry, which is below it then. Newer nodes are passed over.
    int node = descend(graph, rows, query, 0, limit, entry, 0, scratch);
    beam(graph.filled(), rows, query, 0, limit, 0, node, ef, acceptor, limits, scratch);
    takePool(scratch);
    return scratch.withinBudget;
  }

  /** Leaves what is accepted of the pool as the scratch's results, the best first. */
  static void takePool(SearchScratch scratch) {
    CandidatePool pool = scratch.pool;
    for (int i = 0; i < pool.size(); i++) {
      if (pool.isAcceptedAt(i)) {
        scratch.addResult(pool.nodeAt(i), pool.scoreAt(i));
      }
    }
  }

  /**
   * Walks greedily from the entry down to, but not on, the given layer; returns the nearest node
   * met.
   */
  static int descend(
      GraphView graph,
      Rows rows,
      float[] query,
      int queryAt,
      int limit,
      long entry,
      int toLayer,
      SearchScratch scratch) {
    int[] links = scratch.links(graph.maxLinks());
    float[] scores = scratch.scores(graph.maxLinks());
    int best = EntryPoint.node(entry);
    links[0] = best;
    rows.score(query, queryAt, links, 0, 1, scores);
    float bestScore = scores[0];
    scratch.visitedRows++;
    for (int layer = EntryPoint.layer(entry); layer > toLayer; layer--) {
      boolean improved = true;
      while (improved) {
        improved = false;
        int count = below(limit, links, graph.links(layer, best, links));
        rows.score(query, queryAt, links, 0, count, scores);
        scratch.visitedRows += count;
        for (int i = 0; i < count; i++) {
          if (scores[i] > bestScore) {
            bestScore = scores[i];
            best = links[i];
            improved = true;
          }
        }
      }
    }
    return best;
  }

  private static int below(int limit, int[] links, int count) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (links[i] < limit) {
        links[kept++] = links[i];
      }
    }
    return kept;
  }

  /** The beam search of one layer, from one node; fills the scratch's pool. */
  static void beam(
      GraphView graph,
      Rows rows,
      float[] query,
      int queryAt,
      int limit,
      int layer,
      int start,
      int ef,
      @Nullable Acceptor acceptor,
      WalkLimits limits,
      SearchScratch scratch) {
    CandidatePool pool = scratch.pool;
    VisitedSet visited = scratch.visited;
    int[] links = scratch.links(graph.maxLinks());
    float[] scores = scratch.scores(graph.maxLinks());
    pool.reset(ef, limits.beam());
    visited.reset(limit);
    visited.add(start);
    links[0] = start;
    int count = 1;
    int node = start;
    while (node >= 0) {
      rows.score(query, queryAt, links, 0, count, scores);
      scratch.visitedRows += count;
      for (int i = 0; i < count; i++) {
        if (pool.admits(scores[i])) {
          pool.insert(links[i], scores[i], acceptor == null || acceptor.accept(links[i]));
        }
      }
      if (limits.areExceeded(scratch)) {
        return;
      }
      node = pool.expandNext();
      if (node >= 0) {
        count = unvisited(limit, visited, links, graph.links(layer, node, links));
      }
    }
    scratch.withinBudget = !pool.isShort();
  }

  private static int unvisited(int limit, VisitedSet visited, int[] links, int count) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int id = links[i];
      if (id < limit && visited.add(id)) {
        links[kept++] = id;
      }
    }
    return kept;
  }
}
