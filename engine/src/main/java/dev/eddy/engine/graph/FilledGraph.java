package dev.eddy.engine.graph;

/**
 * A graph with what fills the empty places of its links on layer 0: see {@link FilledPlaces}. As
 * safe as the graph.
 */
public record FilledGraph(WithPlaces links) implements GraphView {
  /** A graph that has its links beside what fills their places. */
  public interface WithPlaces extends GraphView {
    /**
     * Copies the places of a node on layer 0 as they stand.
     *
     * @param into holds at least 2m entries
     */
    void places(int node, int[] into);
  }

  @Override
  public long entryPoint() {
    return links.entryPoint();
  }

  @Override
  public int maxLinks() {
    return links.maxLinks();
  }

  @Override
  public int links(int layer, int node, int[] into) {
    if (layer > 0) {
      return links.links(layer, node, into);
    }
    links.places(node, into);
    return FilledPlaces.decode(into, links.maxLinks());
  }
}
