package dev.eddy.engine.graph;

import java.util.BitSet;
import java.util.function.BooleanSupplier;

/**
 * Finds nodes of a graph that no path on layer 0 from the entry leads to, and links them: pruning
 * may have taken the last link to a node.
 *
 * <p>One thread at a time, one use. Readers may read the graph meanwhile, and builders may add
 * nodes, which this one leaves to the next. It holds some 4 bytes a node.
 */
public final class GraphConnector {
  /** Where no node near has room, a link is taken from another node, so it looks again. */
  private static final int ROUNDS_MAX = 4;

  /** What linking a node costs, in nodes that are looked at. */
  private static final int RECONNECT_STEPS = 64;

  private final HeapLinks links;
  private final GraphBuilder builder;
  private final int count;
  private final BitSet reached;
  private final int[] queue;
  private final int[] neighbours;
  private int head;
  private int tail;
  private int round;
  private int next;
  private int connectedInRound;
  private int connected;

  /** Of a graph that reaches, or is to reach, all rows there are. */
  public GraphConnector(HeapRows rows, HeapLinks links, GraphParams params) {
    this(rows, links, new GraphBuilder(rows, links, params));
  }

  GraphConnector(HeapRows rows, HeapLinks links, GraphBuilder builder) {
    this.links = links;
    this.builder = builder;
    this.count = rows.count();
    this.reached = new BitSet(count);
    this.queue = new int[count];
    this.neighbours = new int[links.maxLinks()];
    begin();
  }

  /** Nodes it looks after: {@code [0, count)}. */
  public int count() {
    return count;
  }

  /** Nodes it has linked so far. */
  public int connected() {
    return connected;
  }

  /** Connects all; false when cancelled. */
  public boolean connect(SearchScratch scratch, BooleanSupplier isCancelled) {
    while (!advance(RECONNECT_STEPS, scratch)) {
      if (isCancelled.getAsBoolean()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Does a part of the work.
   *
   * @param steps about so many nodes to look at
   * @return whether all is done
   */
  public boolean advance(int steps, SearchScratch scratch) {
    for (int left = steps; left > 0; left--) {
      if (head < tail) {
        expand(queue[head++]);
        continue;
      }
      next = reached.nextClearBit(next);
      if (next < count) {
        builder.reconnect(next, reached, scratch);
        connectedInRound++;
        connected++;
        reach(next);
        left -= RECONNECT_STEPS;
      } else if (connectedInRound == 0 || ++round == ROUNDS_MAX) {
        return true;
      } else {
        begin();
      }
    }
    return false;
  }

  private void begin() {
    reached.clear();
    head = 0;
    tail = 0;
    next = 0;
    connectedInRound = 0;
    if (count > 0 && links.entryPoint() != EntryPoint.NONE) {
      reach(EntryPoint.node(links.entryPoint()));
    }
  }

  private void expand(int node) {
    int linked = links.links(0, node, neighbours);
    for (int i = 0; i < linked; i++) {
      reach(neighbours[i]);
    }
  }

  private void reach(int node) {
    if (node < count && !reached.get(node)) {
      reached.set(node);
      queue[tail++] = node;
    }
  }
}
