package dev.eddy.engine.search;

import dev.eddy.engine.graph.FusedSearcher;
import dev.eddy.engine.graph.HopLimits;
import dev.eddy.engine.graph.WalkLimits;
import dev.eddy.engine.segment.SlotSearch;
import dev.eddy.engine.segment.VectorFieldSnapshot;
import dev.eddy.engine.segment.VectorFieldSnapshot.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides how a filtered search goes about it, from what each way is expected to cost. Pure.
 *
 * <p>How many points match is known or estimated; how many of those near the query do is not. So
 * what depends on it comes with limits and with something to follow: a walk, then two hops, then a
 * scan, whose cost is known. What is dearer than what follows is left out, but for a walk that may
 * be much cheaper and is told soon not to be. See {@code docs/adr/0031}.
 */
final class FilterPlanner {
  /** A walk is tried where so many trials cost less than what would follow. */
  private static final double TRIALS = 8;

  /** By what factor a walk tried has to cost less than what would follow. */
  private static final double TRIAL_GAIN = 1.5;

  /** What anything else has to save of a scan to be worth being less than exact. */
  private static final double ESTIMATES_SAVE_NANOS = 200_000;

  /** Of so many matches per scored one estimates leave out enough. */
  private static final long MATCHES_PER_SCORED = 4;

  /** How many more may be asked for than expected. */
  private static final int TESTS_FACTOR = 3;

  /** What two hops may cost of the scan that would follow: they miss more than it. */
  private static final double HOP_SHARE = 0.5;

  /** A graph is of use where the matching points are so many beams at least. */
  private static final int BEAMS_MIN = 10;

  /** How much dearer than expected a walk may become. */
  private static final int WALK_FACTOR = 3;

  private record Scan(FilterPlan plan, double nanos) {}

  private FilterPlanner() {}

  /**
   * Whether a search without a filter has so wide a beam that it costs less when it compares all
   * rows, which is exact besides. Rows on disk are not all read for that, and rows that are
   * searched by their codes stay so, since scores may be wanted of these.
   */
  static boolean isScanCheaper(VectorFieldSnapshot vectors, SlotSearch asked) {
    if (vectors.rows() >= (long) BEAMS_MIN * asked.ef()) {
      return false;
    }
    double walked = 0;
    double scanned = 0;
    for (int i = 0; i < vectors.parts(); i++) {
      Part part = vectors.part(i, asked);
      boolean isByCodes = part.walkedBytes() < vectors.settings().rowBytes();
      if (part.hasGraph() && (part.isOnDisk() || isByCodes)) {
        return false;
      }
      if (part.rows() > 0) {
        FilterSituation all =
            FilterSituation.of(part, vectors.settings(), asked.k(), part.rows(), 0, 1);
        scanned += all.matchesNanos();
        walked += part.hasGraph() ? all.walkNanos() : all.matchesNanos();
      }
    }
    return scanned < walked;
  }

  /** What it costs to walk all graphs of a field, and to scan what has none. */
  static double walkNanos(VectorFieldSnapshot vectors, SlotSearch asked) {
    double nanos = 0;
    for (int i = 0; i < vectors.parts(); i++) {
      Part part = vectors.part(i, asked);
      if (part.rows() > 0) {
        FilterSituation all =
            FilterSituation.of(part, vectors.settings(), asked.k(), part.rows(), 0, 1);
        nanos += part.hasGraph() ? all.walkNanos() : all.matchesNanos();
      }
    }
    return nanos;
  }

  /** Plans in the order in which to try them; the last one always answers. */
  static List<FilterPlan> plans(FilterSituation situation) {
    Scan scan = scan(situation);
    List<FilterPlan> plans = new ArrayList<>();
    if (situation.matches() >= (long) BEAMS_MIN * situation.ef()) {
      double next = scan.nanos();
      if (situation.hopNanos() < HOP_SHARE * scan.nanos()) {
        plans.add(twoHop(situation, scan.nanos()));
        next = situation.hopNanos();
      }
      if (situation.walkNanos() < next) {
        plans.addFirst(walk(situation, next));
      } else if (isTried(situation, next)) {
        plans.addFirst(trial(situation, next));
      }
    }
    plans.add(scan.plan());
    if (scan.plan() instanceof FilterPlan.ScanCodes) {
      plans.add(new FilterPlan.ScanSketches()); // Estimates may be too close to each other.
    }
    return plans;
  }

  /** The way to search where there is no graph. */
  static FilterPlan scanPlan(FilterSituation situation) {
    return scan(situation).plan();
  }

  private static Scan scan(FilterSituation situation) {
    Scan exact = new Scan(new FilterPlan.ScanMatches(), situation.matchesNanos());
    double enough = exact.nanos() - ESTIMATES_SAVE_NANOS;
    long perScored = situation.matches() / MATCHES_PER_SCORED;
    if (!situation.isFused()) {
      // In memory whole rows are scored instead: that is exact.
      boolean isByCodes =
          situation.isOnDisk()
              && situation.compared() > 0
              && perScored >= situation.compared()
              && situation.ownCodesNanos() < enough;
      return isByCodes ? new Scan(new FilterPlan.ScanOwnCodes(), situation.ownCodesNanos()) : exact;
    }
    Scan best = exact;
    if (perScored >= situation.sketched() && situation.sketchesNanos() < enough) {
      best = new Scan(new FilterPlan.ScanSketches(), situation.sketchesNanos());
    }
    if (perScored >= situation.coded() && situation.codesNanos() < Math.min(enough, best.nanos())) {
      best = new Scan(new FilterPlan.ScanCodes(codeTests(situation)), situation.codesNanos());
    }
    return best;
  }

  /** Where matches are far from the query nearly all points are tested: that is to cost nothing. */
  private static long codeTests(FilterSituation situation) {
    return situation.open() == 0
        ? Long.MAX_VALUE
        : (long) (TESTS_FACTOR * Math.min(situation.tests(), situation.points()));
  }

  private static FilterPlan walk(FilterSituation situation, double nextNanos) {
    // Where this share would make it cost what comes next, that is no reason yet to begin anew.
    double share = situation.fraction() * situation.walkNanos() / nextNanos / 2;
    return walk(situation, WALK_FACTOR * situation.walkNodes(), share);
  }

  /** Whether learning that a walk is of no use costs little of what it may save. */
  private static boolean isTried(FilterSituation situation, double nextNanos) {
    double atBest = situation.ef() * situation.expandNanos();
    return TRIALS * situation.trialNanos() < nextNanos
        && TRIAL_GAIN * atBest < nextNanos
        && nextNanos - atBest > ESTIMATES_SAVE_NANOS;
  }

  /**
   * A walk that only pays where more of the points near the query match than elsewhere: whether
   * they do is told soon.
   */
  private static FilterPlan trial(FilterSituation situation, double nextNanos) {
    double nodes = nextNanos / situation.expandNanos();
    return walk(situation, nodes, TRIAL_GAIN * situation.ef() / nodes);
  }

  private static FilterPlan walk(FilterSituation situation, double nodes, double share) {
    double rowsPerNode =
        situation.isFused() ? FusedSearcher.ROWS_PER_NODE : FilterSituation.ROWS_PER_NODE;
    return new FilterPlan.Walk(
        new WalkLimits(
            (int) Math.min(nodes, Integer.MAX_VALUE), (long) (nodes * rowsPerNode), share));
  }

  private static FilterPlan twoHop(FilterSituation situation, double scanNanos) {
    int probes = (int) situation.probes();
    double rowNanos = situation.isFused() ? situation.rowNanos() : situation.walkedNanos();
    long rows = (long) (HOP_SHARE * scanNanos / rowNanos);
    return new FilterPlan.TwoHop(
        situation.hopEf(), new HopLimits(FilterSituation.HOP_CAP, probes, rows));
  }
}
