package dev.eddy.engine.graph;

import java.util.Arrays;
import java.util.function.BooleanSupplier;

/**
 * Carries a graph over to those of its nodes that are left, which costs a fraction of linking them
 * again. Where a node's neighbour is gone, the neighbours that one had become candidates, and the
 * diverse among all of them the node's links (after Singh et al. 2021, "FreshDiskANN"). Upper
 * layers, which hold few nodes, are built anew: a node's number says its layer, and numbers change.
 * In the end every node can be reached.
 *
 * <p>One thread, one use; nobody else changes the new graph meanwhile.
 */
public final class GraphCarrier {
  private static final int NONE = -1;

  private final GraphView source;
  private final int[] kept;
  private final int count;
  private final HeapRows rows;
  private final HeapLinks links;
  private final GraphBuilder builder;
  private final SearchScratch scratch;
  private final BooleanSupplier isCancelled;

  /** New number of each old node; {@link #NONE} where it is gone. */
  private final int[] numbers;

  private final int[] neighbours;
  private final int[] behind;
  private int[] candidates;
  private int found;
  private final VisitedSet seen = new VisitedSet();

  /**
   * @param source the graph, of which all nodes to be kept are linked
   * @param kept the nodes to be kept, ascending: the first becomes node 0
   * @param count how many of them
   * @param rows the rows of the kept nodes
   * @param links an empty graph with the source's parameters
   * @param isCancelled whether to give up
   */
  public GraphCarrier(
      GraphView source,
      int[] kept,
      int count,
      HeapRows rows,
      HeapLinks links,
      GraphParams params,
      SearchScratch scratch,
      BooleanSupplier isCancelled) {
    this.source = source;
    this.kept = kept;
    this.count = count;
    this.rows = rows;
    this.links = links;
    this.builder = new GraphBuilder(rows, links, params);
    this.scratch = scratch;
    this.isCancelled = isCancelled;
    this.numbers = new int[count == 0 ? 0 : kept[count - 1] + 1];
    Arrays.fill(numbers, NONE);
    for (int node = 0; node < count; node++) {
      numbers[kept[node]] = node;
    }
    this.neighbours = new int[source.maxLinks()];
    this.behind = new int[source.maxLinks()];
    this.candidates = new int[source.maxLinks()];
  }

  /** Fills the new graph; false when it was cancelled, and is of no use then. */
  public boolean carry() {
    if (count == 0) {
      return true;
    }
    links.reserve(count);
    for (int node = 0; node < count; node++) {
      if (isCancelled.getAsBoolean()) {
        return false;
      }
      carry(node);
    }
    for (int node = 0; node < count; node++) {
      // Neighbours with room lead to the node, too, as they would had it been inserted.
      int linked = links.links(0, node, neighbours);
      for (int i = 0; i < linked; i++) {
        var _ = builder.linkIfRoom(neighbours[i], node);
      }
    }
    for (int node = 0; node < count; node++) {
      if (links.topLayer(node) > 0) {
        if (isCancelled.getAsBoolean()) {
          return false;
        }
        builder.insert(node, 1, scratch);
      }
    }
    if (links.entryPoint() == EntryPoint.NONE) {
      links.becomeFirst(0);
    }
    return new GraphConnector(rows, links, builder).connect(scratch, isCancelled);
  }

  private void carry(int node) {
    int old = kept[node];
    int linked = source.links(0, old, neighbours);
    seen.reset(count);
    seen.add(node);
    found = 0;
    boolean isAnyGone = false;
    for (int i = 0; i < linked; i++) {
      isAnyGone |= !offer(neighbours[i]);
    }
    if (!isAnyGone) {
      links.set(0, node, candidates, found);
      return;
    }
    int live = found;
    for (int i = 0; i < linked; i++) {
      if (number(neighbours[i]) == NONE) {
        int further = source.links(0, neighbours[i], behind);
        for (int j = 0; j < further; j++) {
          offer(behind[j]);
        }
      }
    }
    builder.relink(node, candidates, live, found, linked, scratch);
  }

  /** Takes an old node as a candidate, once; false when it is gone. */
  private boolean offer(int old) {
    int number = number(old);
    if (number == NONE) {
      return false;
    }
    if (seen.add(number)) {
      if (found == candidates.length) {
        candidates = Arrays.copyOf(candidates, 2 * found);
      }
      candidates[found++] = number;
    }
    return true;
  }

  private int number(int old) {
    return old < numbers.length ? numbers[old] : NONE;
  }
}
