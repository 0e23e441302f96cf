package dev.eddy.engine.graph;

import java.util.BitSet;
import java.util.function.BooleanSupplier;

/**
 * Finds nodes of a finished graph that no path from the entry leads to, and links them: pruning may
 * have taken the last link to a node.
 *
 * <p>One thread, one use; nobody else changes the graph meanwhile, readers may read it.
 */
public final class GraphConnector {
  /** Links that are pruned for one node may have been another's last, so it looks again. */
  private static final int ROUNDS_MAX = 4;

  private final HeapLinks links;
  private final GraphBuilder builder;
  private final SearchScratch scratch;
  private final BooleanSupplier isCancelled;
  private final int count;
  private final BitSet reached;
  private final int[] queue;
  private final int[] neighbours;

  /** Of a graph that reaches, or is to reach, all rows. */
  public GraphConnector(
      HeapRows rows,
      HeapLinks links,
      GraphParams params,
      SearchScratch scratch,
      BooleanSupplier isCancelled) {
    this(rows, links, new GraphBuilder(rows, links, params), scratch, isCancelled);
  }

  GraphConnector(
      HeapRows rows,
      HeapLinks links,
      GraphBuilder builder,
      SearchScratch scratch,
      BooleanSupplier isCancelled) {
    this.links = links;
    this.builder = builder;
    this.scratch = scratch;
    this.isCancelled = isCancelled;
    this.count = rows.count();
    this.reached = new BitSet(count);
    this.queue = new int[count];
    this.neighbours = new int[links.maxLinks()];
  }

  /** Connects all; false when cancelled. */
  public boolean connect() {
    for (int round = 0; round < ROUNDS_MAX && count > 0; round++) {
      reached.clear();
      reachFrom(EntryPoint.node(links.entryPoint()));
      int node = reached.nextClearBit(0);
      if (node >= count) {
        return true;
      }
      for (; node < count; node = reached.nextClearBit(node)) {
        if (isCancelled.getAsBoolean()) {
          return false;
        }
        builder.reconnect(node, scratch);
        reachFrom(node);
      }
    }
    return true;
  }

  /** Marks a node and everything that paths from it lead to. */
  private void reachFrom(int start) {
    int head = 0;
    int tail = 0;
    reached.set(start);
    queue[tail++] = start;
    while (head < tail) {
      int linked = links.links(0, queue[head++], neighbours);
      for (int i = 0; i < linked; i++) {
        if (!reached.get(neighbours[i])) {
          reached.set(neighbours[i]);
          queue[tail++] = neighbours[i];
        }
      }
    }
  }
}
