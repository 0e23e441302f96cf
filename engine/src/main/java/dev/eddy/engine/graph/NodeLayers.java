package dev.eddy.engine.graph;

/**
 * The highest layer of each node: a fixed function of its number, so that a rebuild gives the same
 * layers and no random source is needed.
 */
public final class NodeLayers {
  /** Layers above this are cut; reached by one node in m^15. */
  public static final int LAYER_MAX = 15;

  private final double inverseLogM;

  /** Layers for graphs with m links (at least 2). */
  public NodeLayers(int m) {
    this.inverseLogM = 1 / Math.log(m);
  }

  /** The highest layer of this node: 0 with probability {@code 1 - 1/m}, and so on. */
  public int topLayer(int node) {
    // 53 bits of a mixed counter as a uniform number in (0, 1].
    double uniform = ((mix(node) >>> 11) + 1) * 0x1.0p-53;
    return Math.min(LAYER_MAX, (int) (-Math.log(uniform) * inverseLogM));
  }

  /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014). */
  private static long mix(long value) {
    long z = (value + 1) * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
