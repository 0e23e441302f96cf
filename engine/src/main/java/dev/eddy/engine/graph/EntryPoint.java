package dev.eddy.engine.graph;

/** A graph's entry node and its layer, packed into one long so that both change together. */
public final class EntryPoint {
  /** No node yet. */
  public static final long NONE = -1L;

  private EntryPoint() {}

  /** Packs a node and the highest layer it is on. */
  public static long of(int node, int layer) {
    return ((long) layer << 32) | node;
  }

  /** The entry node. */
  public static int node(long entryPoint) {
    return (int) entryPoint;
  }

  /** The highest layer of the graph. */
  public static int layer(long entryPoint) {
    return (int) (entryPoint >>> 32);
  }
}
