package dev.eddy.engine.graph;

/**
 * How far a two-hop search goes.
 *
 * @param cap accepted nodes wanted around each expanded node; below it the search looks behind
 *     neighbours that are not accepted
 * @param probes nodes that are asked at first, all over the graph, for accepted ones to start from
 * @param rows rows that may be scored, and lists of links read; for blocks of codes, what costs as
 *     much
 */
public record HopLimits(int cap, int probes, long rows) {
  /** Checks the ranges. */
  public HopLimits {
    if (cap < 1 || probes < 0) {
      throw new IllegalArgumentException(
          "cap must be at least 1 and probes at least 0, got %d and %d".formatted(cap, probes));
    }
  }
}
