package dev.eddy.engine.graph;

/**
 * What a search reads of a graph, be it growing on the heap or in a mapped file. Safe from any
 * thread.
 */
public interface GraphView {
  /** Where a search starts: see {@link EntryPoint}; {@link EntryPoint#NONE} for an empty graph. */
  long entryPoint();

  /**
   * Copies the links of a node on a layer.
   *
   * <p>While the graph grows, a row may be read half rewritten: every id in it has been a neighbour
   * of this node at some time.
   *
   * @param into holds at least 2m ids
   * @return how many ids were copied
   */
  int links(int layer, int node, int[] into);

  /** The most links any node may have on any layer. */
  int maxLinks();

  /** The same graph with what fills empty places on layer 0, where something does: for searches. */
  default GraphView filled() {
    return this;
  }
}
