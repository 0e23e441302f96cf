package dev.eddy.engine.graph;

import dev.eddy.engine.kernel.CodeKernels;
import dev.eddy.engine.quantization.CodeBlock;
import dev.eddy.engine.quantization.CodeLayout;
import dev.eddy.engine.quantization.PairQuantizer;
import dev.eddy.engine.quantization.QueryTables;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The beam search of layer 0 on {@link NeighborBlocks}: neighbours enter the beam by their
 * estimated similarity, and a node's exact one is computed when it is expanded, from its row, which
 * is fetched beside its block. Results are expanded nodes with exact similarities.
 *
 * <p>Four nodes are expanded per step and their memory is touched first, so that their misses
 * overlap. Static and allocation-free; all state is in the scratch.
 */
public final class FusedSearcher {
  /** Nodes expanded together; more misses in flight did not pay. */
  static final int STEP_NODES = 4;

  /** What expanding a node costs, in rows scored: its own row and its block. */
  public static final int ROWS_PER_NODE = 6;

  private static final int LINE_BYTES = 64;

  private FusedSearcher() {}

  /** As {@link GraphSearcher#search}, with the blocks of the same graph. */
  public static boolean search(
      GraphView graph,
      NeighborBlocks blocks,
      PairQuantizer quantizer,
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
    // After the entry, which is below the count then. Newer nodes are passed over.
    int limit = Math.min(rows.count(), blocks.capacity());
    if (EntryPoint.node(entry) >= limit) {
      return GraphSearcher.search(graph, rows, query, ef, acceptor, limits, scratch);
    }
    int node = GraphSearcher.descend(graph, rows, query, 0, limit, entry, 0, scratch);
    scratch.comparedRows = scratch.visitedRows;
    quantizer.prepare(query, 0, scratch.tables);
    beam(blocks, rows, query, 0, limit, node, ef, acceptor, limits, scratch);
    return scratch.withinBudget;
  }

  /**
   * The beam from one node; expanded and accepted nodes are left as the scratch's results, in no
   * order. The scratch's tables are those of the query.
   */
  static void beam(
      NeighborBlocks blocks,
      Rows rows,
      float[] query,
      int queryAt,
      int limit,
      int start,
      int ef,
      @Nullable Acceptor acceptor,
      WalkLimits limits,
      SearchScratch scratch) {
    CandidatePool pool = scratch.pool;
    VisitedSet visited = scratch.visited;
    int[] nodes = scratch.step;
    float[] exact = scratch.stepScores;
    pool.reset(ef, limits.beam());
    visited.reset(limit);
    visited.add(start);
    nodes[0] = start;
    rows.score(query, queryAt, nodes, 0, 1, exact);
    pool.insert(start, exact[0], acceptor == null || acceptor.accept(start));
    int count = pool.expandNext(nodes, scratch.stepAccepted, STEP_NODES);
    while (count > 0) {
      score(blocks, rows, query, queryAt, count, scratch);
      scratch.entering = 0;
      for (int i = 0; i < count; i++) {
        expand(blocks, nodes[i], limit, acceptor, scratch);
      }
      pool.merge(scratch.entries(0), scratch.entering);
      scratch.visitedRows += (long) count * ROWS_PER_NODE;
      if (limits.areExceeded(scratch)) {
        return;
      }
      count = pool.expandNext(nodes, scratch.stepAccepted, STEP_NODES);
    }
    scratch.withinBudget = !pool.isShort();
  }

  /**
   * Reads something of every line of these nodes' blocks: plain loads, which work as prefetches.
   */
  static void touchBlocks(NeighborBlocks blocks, int[] nodes, int count, SearchScratch scratch) {
    int sum = 0;
    int bytes = blocks.nodeBytes();
    for (int i = 0; i < count; i++) {
      byte[] slab = blocks.slabOf(nodes[i]);
      int at = blocks.nodeAt(nodes[i]);
      for (int line = 0; line < bytes; line += LINE_BYTES) {
        sum += slab[at + line];
      }
    }
    scratch.touched = sum;
  }

  /** The same for rows. */
  static void touchRows(Rows rows, int[] nodes, int count, SearchScratch scratch) {
    int sum = 0;
    for (int i = 0; i < count; i++) {
      sum += rows.touch(nodes[i]);
    }
    scratch.touched = sum;
  }

  /**
   * Scores the accepted nodes of a step, which become results: of the others nobody will know the
   * exact similarity, so their rows are left alone.
   *
   * @return how many are accepted: the first ones of the step then
   */
  static int score(
      NeighborBlocks blocks,
      Rows rows,
      float[] query,
      int queryAt,
      int count,
      SearchScratch scratch) {
    int[] nodes = scratch.step;
    int accepted = acceptedFirst(nodes, scratch.stepAccepted, count);
    touchBlocks(blocks, nodes, count, scratch);
    touchRows(rows, nodes, accepted, scratch);
    rows.score(query, queryAt, nodes, 0, accepted, scratch.stepScores);
    scratch.comparedRows += accepted;
    for (int i = 0; i < accepted; i++) {
      scratch.addResult(nodes[i], scratch.stepScores[i]);
    }
    return accepted;
  }

  /** Moves the accepted nodes to the front; returns how many there are. */
  private static int acceptedFirst(int[] nodes, boolean[] isAccepted, int count) {
    int accepted = 0;
    for (int i = 0; i < count; i++) {
      if (isAccepted[i]) {
        int node = nodes[i];
        nodes[i] = nodes[accepted];
        nodes[accepted++] = node;
      }
    }
    return accepted;
  }

  /** Gathers the unvisited neighbours of a node that are good enough for the pool. */
  static void expand(
      NeighborBlocks blocks,
      int node,
      int limit,
      @Nullable Acceptor acceptor,
      SearchScratch scratch) {
    CodeLayout layout = blocks.layout();
    QueryTables tables = scratch.tables;
    float[] estimates = scratch.estimates;
    VisitedSet visited = scratch.visited;
    float threshold = scratch.pool.threshold();
    byte[] slab = blocks.slabOf(node);
    int at = blocks.nodeAt(node);
    long[] entries = scratch.entries(blocks.blocksPerNode() * CodeKernels.SLOTS);
    int entering = scratch.entering;
    for (int block = 0; block < blocks.blocksPerNode(); block++) {
      int above = tables.estimate(slab, at, layout, threshold, estimates);
      while (above != 0) {
        int slot = Integer.numberOfTrailingZeros(above);
        above &= above - 1;
        int id = FilledPlaces.node(CodeBlock.id(slab, at, slot));
        if (id < 0 || id >= limit) {
          continue;
        }
        if (acceptor == null) {
          // Overwritten by the next one if it was visited before.
          entries[entering] = CandidatePool.entry(id, estimates[slot], true);
          entering += visited.mark(id);
        } else if (visited.add(id)) {
          entries[entering++] = CandidatePool.entry(id, estimates[slot], acceptor.accept(id));
        }
      }
      at += layout.blockBytes();
    }
    VarHandle.acquireFence(); // Whatever the ids lead to is read after them.
    scratch.entering = entering;
  }
}
