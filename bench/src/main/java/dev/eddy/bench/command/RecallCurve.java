package dev.eddy.bench.command;

import java.util.Map;
import java.util.TreeMap;

/** Queries per second by recall, as measured at several beams. Not thread-safe. */
final class RecallCurve {
  private final TreeMap<Double, Double> perSecondByRecall = new TreeMap<>();

  /** Adds a measured point. */
  void add(double recall, double perSecond) {
    perSecondByRecall.merge(recall, perSecond, Math::max);
  }

  /**
   * The rate at this recall, between the neighbouring points on a logarithmic scale; NaN outside of
   * what was measured.
   */
  double perSecondAt(double recall) {
    Map.Entry<Double, Double> below = perSecondByRecall.floorEntry(recall);
    Map.Entry<Double, Double> above = perSecondByRecall.ceilingEntry(recall);
    if (below == null || above == null) {
      return Double.NaN;
    }
    if (below.getKey().equals(above.getKey())) {
      return below.getValue();
    }
    double share = (recall - below.getKey()) / (above.getKey() - below.getKey());
    return Math.exp((1 - share) * Math.log(below.getValue()) + share * Math.log(above.getValue()));
  }
}
