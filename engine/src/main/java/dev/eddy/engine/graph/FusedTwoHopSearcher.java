package dev.eddy.engine.graph;

import dev.eddy.engine.kernel.CodeKernels;
import dev.eddy.engine.quantization.CodeBlock;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * {@link TwoHopSearcher} on {@link NeighborBlocks}: the similarities of all neighbours are
 * estimated, so the ones to look behind first are the nearest to the query. Of the blocks behind
 * them only the ids are read, and of the accepted ones the sketches.
 *
 * <p>Static and allocation-free; all state is in the scratch. Of the visited marks, those of
 * accepted nodes say that they entered the beam, those of others that their blocks were read.
 */
public final class FusedTwoHopSearcher {
  /** Blocks whose ids are fetched together. */
  private static final int GATES_TOGETHER = 8;

  /** Sketches that cost as much as scoring a row. */
  private static final int SKETCHES_PER_ROW = 3;

  private FusedTwoHopSearcher() {}

  /** As {@link TwoHopSearcher#search}, with the blocks of the same graph. */
  public static boolean search(
      GraphView graph,
      NeighborBlocks blocks,
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
    int limit = Math.min(rows.count(), blocks.capacity()); // After the entry: GraphSearcher.
    if (EntryPoint.node(entry) >= limit) {
      return TwoHopSearcher.search(graph, rows, query, ef, acceptor, limits, scratch);
    }
    TwoHopSearcher.start(graph, rows, query, ef, limit, entry, acceptor, limits.probes(), scratch);
    blocks.codes().prepareWithSketch(query, 0, scratch.tables);
    beam(blocks, rows, query, limit, acceptor, limits, scratch);
    return scratch.withinBudget;
  }

  private static void beam(
      NeighborBlocks blocks,
      Rows rows,
      float[] query,
      int limit,
      Acceptor acceptor,
      HopLimits limits,
      SearchScratch scratch) {
    CandidatePool pool = scratch.pool;
    int[] nodes = scratch.step;
    int count = pool.expandNext(nodes, scratch.stepAccepted, FusedSearcher.STEP_NODES);
    while (count > 0) {
      int accepted = FusedSearcher.score(blocks, rows, query, 0, count, scratch);
      scratch.entering = 0;
      lookAround(blocks, 0, accepted, limit, acceptor, limits.cap(), scratch);
      for (int stone = accepted; stone < count; stone++) {
        // One by one: what is near one of them says nothing of the others.
        lookAround(blocks, stone, stone + 1, limit, acceptor, limits.cap(), scratch);
      }
      scratch.visitedRows += (long) count * FusedSearcher.ROWS_PER_NODE;
      pool.merge(scratch.entries(0), scratch.entering);
      if (scratch.visitedRows > limits.rows()) {
        scratch.withinBudget = false;
        return;
      }
      count = pool.expandNext(nodes, scratch.stepAccepted, FusedSearcher.STEP_NODES);
    }
    scratch.withinBudget = !pool.isShort();
  }

  /**
   * Gathers for the pool what is accepted within two hops of the step's nodes {@code [from, to)},
   * or, where nothing is, their neighbours as stepping stones.
   */
  private static void lookAround(
      NeighborBlocks blocks,
      int from,
      int to,
      int limit,
      Acceptor acceptor,
      int cap,
      SearchScratch scratch) {
    if (from == to) {
      return;
    }
    scratch.gateCount = 0;
    scratch.met = 0;
    for (int i = from; i < to; i++) {
      expand(blocks, scratch.step[i], limit, acceptor, scratch);
    }
    int opened = lookBehindGates(blocks, limit, acceptor, (to - from) * cap, scratch);
    if (scratch.met == 0) {
      enterGates(opened, scratch);
    }
  }

  private static void enterGates(int opened, SearchScratch scratch) {
    long[] gates = scratch.gateEntries(0);
    long[] entries = scratch.entries(opened);
    System.arraycopy(gates, 0, entries, scratch.entering, opened);
    scratch.entering += opened;
  }

  /** Gathers the accepted neighbours of a node for the pool, and the others as gates. */
  private static void expand(
      NeighborBlocks blocks, int node, int limit, Acceptor acceptor, SearchScratch scratch) {
    float[] estimates = scratch.estimates;
    float threshold = scratch.pool.threshold();
    byte[] slab = blocks.slabOf(node);
    int at = blocks.nodeAt(node);
    int[] ids = scratch.ids;
    long[] gates = scratch.gateEntries(blocks.blocksPerNode() * CodeKernels.SLOTS);
    for (int block = 0; block < blocks.blocksPerNode(); block++) {
      int accepted = accepted(slab, at, limit, acceptor, ids);
      int above = scratch.tables.estimate(slab, at, blocks.layout(), threshold, estimates);
      for (int slot = 0; slot < CodeKernels.SLOTS; slot++) {
        if ((accepted >>> slot & 1) == 0 && ids[slot] >= 0) {
          gates[scratch.gateCount++] = CandidatePool.entry(ids[slot], estimates[slot], false);
        }
      }
      scratch.met += Integer.bitCount(accepted);
      enter(accepted & above, scratch);
      at += blocks.layout().blockBytes();
    }
    VarHandle.acquireFence(); // Whatever the ids lead to is read after them.
  }

  /**
   * Which slots of a block hold accepted nodes.
   *
   * @param ids the ids of all slots, -1 where there is none: read once, since links may change
   */
  private static int accepted(byte[] slab, int at, int limit, Acceptor acceptor, int[] ids) {
    int accepted = 0;
    for (int slot = 0; slot < CodeKernels.SLOTS; slot++) {
      int id = FilledPlaces.node(CodeBlock.id(slab, at, slot));
      ids[slot] = id < limit ? id : -1;
      if (ids[slot] >= 0 && acceptor.accept(id)) {
        accepted |= 1 << slot;
      }
    }
    return accepted;
  }

  /**
   * Looks behind gates, the nearest first, until enough is met; returns behind how many it was the
   * first to look: the first ones of the gates then.
   */
  private static int lookBehindGates(
      NeighborBlocks blocks, int limit, Acceptor acceptor, int enough, SearchScratch scratch) {
    if (scratch.met >= enough) {
      return 0;
    }
    long[] gates = scratch.gateEntries(0);
    Arrays.sort(gates, 0, scratch.gateCount);
    int[] near = scratch.batch(enough - scratch.met + blocks.slots());
    int[] nodes = scratch.gates(GATES_TOGETHER);
    int count = 0;
    int next = 0;
    int opened = 0;
    while (next < scratch.gateCount && scratch.met < enough) {
      int together = 0;
      while (next < scratch.gateCount && together < GATES_TOGETHER) {
        long gate = gates[next++];
        int node = CandidatePool.nodeOf(gate);
        if (scratch.visited.add(node)) {
          nodes[together++] = node;
          gates[opened++] = gate;
        }
      }
      touchIds(blocks, nodes, together, scratch);
      for (int i = 0; i < together && scratch.met < enough; i++) {
        count = acceptedBehind(blocks, nodes[i], limit, acceptor, near, count, scratch);
      }
      scratch.visitedRows += (long) together * TwoHopSearcher.ROWS_PER_GATE;
    }
    VarHandle.acquireFence();
    MatchScanner.enterEstimated(blocks.codes(), near, count, scratch);
    scratch.visitedRows += count / SKETCHES_PER_ROW;
    return opened;
  }

  private static void touchIds(
      NeighborBlocks blocks, int[] nodes, int count, SearchScratch scratch) {
    int sum = 0;
    for (int i = 0; i < count; i++) {
      byte[] slab = blocks.slabOf(nodes[i]);
      for (int block = 0; block < blocks.blocksPerNode(); block++) {
        int at = blocks.nodeAt(nodes[i]) + block * blocks.layout().blockBytes();
        sum += slab[at] + slab[at + CodeKernels.SLOTS * Integer.BYTES - 1];
      }
    }
    scratch.touched = sum;
  }

  /** Appends the accepted neighbours of a gate that have not been met; returns the new count. */
  private static int acceptedBehind(
      NeighborBlocks blocks,
      int node,
      int limit,
      Acceptor acceptor,
      int[] near,
      int countBefore,
      SearchScratch scratch) {
    byte[] slab = blocks.slabOf(node);
    int at = blocks.nodeAt(node);
    int count = countBefore;
    for (int block = 0; block < blocks.blocksPerNode(); block++) {
      for (int slot = 0; slot < CodeKernels.SLOTS; slot++) {
        int id = FilledPlaces.node(CodeBlock.id(slab, at, slot));
        if (id >= 0 && id < limit && acceptor.accept(id)) {
          scratch.met++;
          if (scratch.visited.add(id)) {
            near[count++] = id;
          }
        }
      }
      at += blocks.layout().blockBytes();
    }
    return count;
  }

  /** Takes slots of the block that was read last for the pool. */
  private static void enter(int slots, SearchScratch scratch) {
    long[] entries = scratch.entries(CodeKernels.SLOTS);
    int left = slots;
    while (left != 0) {
      int slot = Integer.numberOfTrailingZeros(left);
      left &= left - 1;
      int id = scratch.ids[slot];
      if (scratch.visited.add(id)) {
        entries[scratch.entering++] = CandidatePool.entry(id, scratch.estimates[slot], true);
      }
    }
  }
}
