package dev.eddy.engine.graph;

/**
 * How a graph is built.
 *
 * @param m links per node on upper layers, layer 0 holds up to {@code 2 * m} ("M" of Malkov and
 *     Yashunin 2018); 0 = no graph, every search scans
 * @param efConstruct candidates kept while a node's neighbours are searched; raised to m where
 *     below it
 */
public record GraphParams(int m, int efConstruct) {
  /** Most links per node on upper layers. */
  public static final int M_MAX = 1024;

  /** Checks the ranges. */
  public GraphParams {
    if (m < 0 || m > M_MAX) {
      throw new IllegalArgumentException(
          "m must be in [0, %d] (0 = no graph), got %d".formatted(M_MAX, m));
    }
    if (efConstruct < 0 || efConstruct > 100_000) {
      throw new IllegalArgumentException(
          "efConstruct must be in [0, 100000], got %d".formatted(efConstruct));
    }
    if (m == 1) {
      m = 2; // One link per node makes no connected graph, and its level distribution is undefined.
    }
    efConstruct = Math.max(efConstruct, m);
  }

  /** Whether there is a graph at all. */
  public boolean hasGraph() {
    return m > 0;
  }

  /** Most links of a node on layer 0. */
  public int m0() {
    return 2 * m;
  }
}
