package dev.eddy.engine.graph;

/**
 * A search of layer 0 that stays on accepted nodes: it scores only these, and goes through the
 * other neighbours to theirs (after Patel et al. 2024, "ACORN", whose graph is not needed for it).
 * Its cost depends on the accepted nodes, not on how far from the query they are, so it is the way
 * where a walk would pass many nodes in vain.
 *
 * <p>It starts from the node that is nearest to the query on the upper layers and from accepted
 * nodes found by asking some all over the graph: the accepted ones may be elsewhere. These starts
 * don't know of each region of accepted nodes, so where nothing is accepted within two hops of a
 * node its neighbours become stepping stones: the search ends when all near the query is known, or
 * gives up when that takes more stones than it keeps. Where few nodes are accepted, score them all
 * instead.
 *
 * <p>Static and allocation-free; all state is in the scratch. Of the visited marks, those of
 * accepted nodes say that they were scored, those of others that their links were read.
 */
public final class TwoHopSearcher {
  /** Starting points besides the graph's own. */
  private static final int SEEDS_MAX = 32;

  /** Nodes kept, stepping stones included, per accepted one. */
  private static final int KEPT_PER_HIT = 4;

  /** What looking behind a neighbour costs, in rows scored. */
  static final int ROWS_PER_GATE = 3;

  private TwoHopSearcher() {}

  /**
   * Finds the nearest accepted nodes; they are left as the scratch's results.
   *
   * @param query padded to the rows' stride
   * @param ef accepted nodes to keep, at least 1
   * @return whether the search ended within the limits
   */
  public static boolean search(
      GraphView graph,
      Rows rows,
      float[] query,
      int ef,
      Acceptor acceptor,
      HopLimits limits,
      SearchScratch scratch) {
    scratch.begin();
    long entry = graph.entryPoint();
    if (entry == EntryPoint.NONE) {
      return true;
    }
    int limit = rows.count(); // After the entry, as in GraphSearcher.
    start(graph, rows, query, ef, limit, entry, acceptor, limits.probes(), scratch);
    beam(graph, rows, query, limit, acceptor, limits, scratch);
    GraphSearcher.takePool(scratch);
    return scratch.withinBudget;
  }

  /** Fills the empty pool with the starting points. */
  static void start(
      GraphView graph,
      Rows rows,
      float[] query,
      int ef,
      int limit,
      long entry,
      Acceptor acceptor,
      int probes,
      SearchScratch scratch) {
    int nearest = GraphSearcher.descend(graph, rows, query, 0, limit, entry, 0, scratch);
    CandidatePool pool = scratch.pool;
    VisitedSet visited = scratch.visited;
    pool.reset(ef, (int) Math.min(Integer.MAX_VALUE, (long) KEPT_PER_HIT * ef));
    visited.reset(limit);
    int[] nodes = scratch.links(1 + SEEDS_MAX);
    float[] scores = scratch.scores(1 + SEEDS_MAX);
    visited.add(nearest);
    nodes[0] = nearest;
    int count = 1;
    for (int probe = 0; probe < probes && count <= SEEDS_MAX; probe++) {
      int node = probed(probe, limit);
      if (acceptor.accept(node) && visited.add(node)) {
        nodes[count++] = node;
      }
    }
    rows.score(query, 0, nodes, 0, count, scores);
    scratch.visitedRows += count;
    for (int i = 0; i < count; i++) {
      if (pool.admits(scores[i])) {
        pool.insert(nodes[i], scores[i], i > 0 || acceptor.accept(nearest));
      }
    }
  }

  /** The node of a probe: multiples of the golden ratio, modulo 1, leave no large gaps. */
  private static int probed(int probe, int limit) {
    long place = (probe + 1) * 0x9E3779B97F4A7C15L >>> 32;
    return (int) (place * limit >>> 32);
  }

  private static void beam(
      GraphView graph,
      Rows rows,
      float[] query,
      int limit,
      Acceptor acceptor,
      HopLimits limits,
      SearchScratch scratch) {
    CandidatePool pool = scratch.pool;
    int room = limits.cap() + 2 * graph.maxLinks();
    int[] near = scratch.batch(room);
    float[] scores = scratch.scores(room);
    int node = pool.expandNext();
    while (node >= 0) {
      int count = gather(graph, node, limit, acceptor, limits.cap(), near, scratch);
      boolean isAccepted = scratch.met > 0;
      if (!isAccepted) {
        count = scratch.gateCount;
        System.arraycopy(scratch.gates(0), 0, near, 0, count);
      }
      rows.score(query, 0, near, 0, count, scores);
      scratch.visitedRows += count;
      for (int i = 0; i < count; i++) {
        if (pool.admits(scores[i])) {
          pool.insert(near[i], scores[i], isAccepted);
        }
      }
      if (scratch.visitedRows > limits.rows()) {
        scratch.withinBudget = false;
        return;
      }
      node = pool.expandNext();
    }
    scratch.withinBudget = !pool.isShort();
  }

  /**
   * Accepted nodes around a node that have not been scored; returns how many there are. Leaves how
   * many were met in the scratch, and the neighbours that it was the first to look behind as gates.
   */
  private static int gather(
      GraphView graph,
      int node,
      int limit,
      Acceptor acceptor,
      int cap,
      int[] near,
      SearchScratch scratch) {
    VisitedSet visited = scratch.visited;
    int[] links = scratch.links(graph.maxLinks());
    int[] gates = scratch.gates(graph.maxLinks());
    int linked = graph.links(0, node, links);
    int count = 0;
    int known = 0;
    int closed = 0;
    for (int i = 0; i < linked; i++) {
      int id = links[i];
      if (id >= limit) {
        continue;
      }
      if (!acceptor.accept(id)) {
        gates[closed++] = id;
      } else if (visited.add(id)) {
        near[count++] = id;
      } else {
        known++;
      }
    }
    int opened = 0;
    for (int gate = 0; gate < closed && known + count < cap; gate++) {
      if (!visited.add(gates[gate])) {
        continue;
      }
      linked = graph.links(0, gates[gate], links);
      gates[opened++] = gates[gate];
      scratch.visitedRows += ROWS_PER_GATE;
      for (int i = 0; i < linked; i++) {
        int id = links[i];
        if (id >= limit || !acceptor.accept(id)) {
          continue;
        }
        if (visited.add(id)) {
          near[count++] = id;
        } else {
          known++;
        }
      }
    }
    scratch.met = known + count;
    scratch.gateCount = opened;
    return count;
  }
}
