package dev.eddy.engine.search;

import dev.eddy.engine.graph.HopLimits;
import dev.eddy.engine.graph.WalkLimits;
import dev.eddy.engine.segment.SketchScan;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides how a filtered search goes about it, from what each way is expected to cost. Pure.
 *
 * <p>How many points match is known or estimated; how many of those near the query do is not. So
 * what depends on it comes with limits and with something to follow: a walk, then two hops, then a
 * scan, whose cost is known. What is dearer than what follows is left out.
 *
 * <p>The numbers of nanoseconds were measured with 100 dimensions, those of rows with 768 too; only
 * their ratios matter. See {@code docs/adr/0031}.
 */
final class FilterPlanner {
  private static final double LINE_BYTES = 64;

  /** A row anywhere in memory, and each of its lines. */
  private static final double ROW_NANOS = 60;

  private static final double ROW_LINE_NANOS = 6;

  /** A sketch anywhere in memory, and each of its dimensions. */
  private static final double SKETCH_NANOS = 20;

  private static final double SKETCH_DIMENSION_NANOS = 0.15;

  /** A block of 32 rows' codes that comes in order, and each of its dimensions. */
  private static final double CODES_NANOS = 30;

  private static final double CODES_DIMENSION_NANOS = 1.3;

  private static final double ROWS_PER_BLOCK = 32;

  /** A node expanded in a graph with codes, and each of its dimensions. */
  private static final double FUSED_NODE_NANOS = 200;

  private static final double FUSED_DIMENSION_NANOS = 4;

  /** Rows that expanding a node of a plain graph scores, and what they cost more in a beam. */
  private static final double ROWS_PER_NODE = 12;

  private static final double BEAM_FACTOR = 1.8;

  /** The links of a neighbour, each asked for its match. */
  private static final double LINKS_NANOS = 250;

  private static final double LINKS_PER_NODE = 32;

  /** Links of a node that lead to where the search has not been. */
  private static final double NEW_LINKS_PER_NODE = 10;

  /** A payload read to tell whether a point matches, anywhere and in order. */
  private static final double PAYLOAD_NANOS = 3_000;

  private static final double NEXT_PAYLOAD_NANOS = 1_000;

  /** Points asked for their match while the best estimates are looked for, per kept one. */
  private static final double TESTS_PER_BEST = 6;

  private static final int HOP_EF_FACTOR = 2;
  private static final int HOP_CAP = 48;
  private static final int HOP_SEEDS = 32;
  private static final int PROBES_MAX = 1 << 16;

  /** What two hops may cost of the scan that would follow: they miss more than it. */
  private static final double HOP_SHARE = 0.5;

  /** A graph is of use where the matching points are so many beams at least. */
  private static final int BEAMS_MIN = 10;

  /** How much dearer than expected a walk may become. */
  private static final int WALK_FACTOR = 3;

  /** Rows in which a graph's search counts a node. */
  private static final int FUSED_ROWS_PER_NODE = 4;

  /**
   * What is known before a search.
   *
   * @param matches points that match, about
   * @param isTestCheap whether a match is told without reading a payload
   * @param points points of the shard, at least 1
   * @param dimension floats per row
   * @param ef beam asked for
   * @param isFused whether the graph carries codes, and rows have sketches
   * @param walkedBytes of what a walk compares of each row where the graph carries none
   */
  record Situation(
      long matches,
      boolean isTestCheap,
      long points,
      int dimension,
      int ef,
      boolean isFused,
      int walkedBytes) {
    /** Where walks compare whole rows. */
    Situation(
        long matches, boolean isTestCheap, long points, int dimension, int ef, boolean isFused) {
      this(matches, isTestCheap, points, dimension, ef, isFused, dimension * Float.BYTES);
    }

    private double fraction() {
      return Math.clamp((double) matches / points, 1.0 / points, 1);
    }

    private double rowNanos() {
      return rowNanos(dimension * Float.BYTES);
    }

    private static double rowNanos(int bytes) {
      return ROW_NANOS + ROW_LINE_NANOS * bytes / LINE_BYTES;
    }

    private double nodeNanos() {
      return isFused
          ? FUSED_NODE_NANOS + FUSED_DIMENSION_NANOS * dimension
          : ROWS_PER_NODE * BEAM_FACTOR * rowNanos(walkedBytes);
    }

    private double testNanos() {
      return isTestCheap ? 0 : PAYLOAD_NANOS;
    }

    /** To hand over all matching points. */
    private double listNanos() {
      return isTestCheap ? 0 : points * NEXT_PAYLOAD_NANOS;
    }

    private double sketchNanos() {
      return SKETCH_NANOS + SKETCH_DIMENSION_NANOS * dimension;
    }

    /** Nodes that a walk expands. */
    private double walkNodes() {
      return ef / fraction();
    }

    private double walkNanos() {
      return walkNodes() * (nodeNanos() + NEW_LINKS_PER_NODE * testNanos());
    }

    private int hopEf() {
      return HOP_EF_FACTOR * ef;
    }

    /** Neighbours per expanded node that two hops look behind. */
    private double gates() {
      return Math.min(LINKS_PER_NODE, HOP_CAP / (LINKS_PER_NODE * fraction()) / 2);
    }

    private double hopNanos() {
      double near = HOP_CAP / 2.0 * (isFused ? sketchNanos() : BEAM_FACTOR * rowNanos());
      double node = isFused ? nodeNanos() : 0;
      double tests = LINKS_PER_NODE * (1 + gates()) * testNanos();
      return hopEf() * (node + gates() * LINKS_NANOS + near + tests);
    }

    private double matchesNanos() {
      return listNanos() + matches * rowNanos();
    }

    private double sketchesNanos() {
      return listNanos() + matches * sketchNanos() + best() * rowNanos();
    }

    private double codesNanos() {
      double tests = TESTS_PER_BEST * best() / fraction() * testNanos();
      return points / ROWS_PER_BLOCK * (CODES_NANOS + CODES_DIMENSION_NANOS * dimension)
          + best() * rowNanos()
          + tests;
    }

    private double best() {
      return Math.max(ef, SketchScan.BEST_MIN);
    }
  }

  private record Scan(FilterPlan plan, double nanos) {}

  private FilterPlanner() {}

  /** Plans in the order in which to try them; the last one always answers. */
  static List<FilterPlan> plans(Situation situation) {
    Scan scan = scan(situation);
    List<FilterPlan> plans = new ArrayList<>();
    if (situation.matches() < (long) BEAMS_MIN * situation.ef()) {
      return List.of(scan.plan());
    }
    double next = scan.nanos();
    if (situation.hopNanos() < HOP_SHARE * scan.nanos()) {
      plans.add(twoHop(situation, scan.nanos()));
      next = situation.hopNanos();
    }
    if (situation.walkNanos() < next) {
      plans.addFirst(walk(situation, next));
    }
    plans.add(scan.plan());
    return plans;
  }

  private static Scan scan(Situation situation) {
    Scan best = new Scan(new FilterPlan.ScanMatches(), situation.matchesNanos());
    if (situation.isFused()) {
      if (situation.sketchesNanos() < best.nanos()) {
        best = new Scan(new FilterPlan.ScanSketches(), situation.sketchesNanos());
      }
      if (situation.codesNanos() < best.nanos()) {
        best = new Scan(new FilterPlan.ScanCodes(), situation.codesNanos());
      }
    }
    return best;
  }

  private static FilterPlan walk(Situation situation, double nextNanos) {
    double nodes = WALK_FACTOR * situation.walkNodes();
    double rowsPerNode = situation.isFused() ? FUSED_ROWS_PER_NODE : ROWS_PER_NODE;
    // Where this share would make it cost what comes next, that is no reason yet to begin anew.
    double share = situation.fraction() * situation.walkNanos() / nextNanos / 2;
    return new FilterPlan.Walk(
        new WalkLimits(
            (int) Math.min(nodes, Integer.MAX_VALUE), (long) (nodes * rowsPerNode), share));
  }

  private static FilterPlan twoHop(Situation situation, double scanNanos) {
    int probes = (int) Math.min(PROBES_MAX, HOP_SEEDS / situation.fraction());
    long rows = (long) (HOP_SHARE * scanNanos / situation.rowNanos());
    return new FilterPlan.TwoHop(situation.hopEf(), new HopLimits(HOP_CAP, probes, rows));
  }
}
