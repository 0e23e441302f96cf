package dev.eddy.bench.command;

import java.util.List;
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

  /** The rates measured, by recall. */
  Map<Double, Double> points() {
    return perSecondByRecall;
  }

  /** The median of what several curves say of a recall. */
  static double median(List<RecallCurve> curves, double recall) {
    return middle(curves.stream().map(curve -> curve.perSecondAt(recall)).toList());
  }

  /** The medians of curves over the same recalls, which those of unchanging graphs have. */
  static Map<Double, Double> medians(List<RecallCurve> curves) {
    Map<Double, Double> medians = new TreeMap<>();
    for (double recall : curves.getFirst().points().keySet()) {
      medians.put(recall, median(curves, recall));
    }
    return medians;
  }

  private static double middle(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElse(Double.NaN);
  }
}
