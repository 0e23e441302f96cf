package dev.eddy.engine.search;

import dev.eddy.engine.graph.FusedSearcher;
import dev.eddy.engine.graph.HopLimits;
import dev.eddy.engine.graph.WalkLimits;
import dev.eddy.engine.segment.SlotSearch;
import dev.eddy.engine.segment.VectorFieldSettings;
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
 * be much cheaper and is told soon not to be.
 *
 * <p>The numbers of nanoseconds were measured with 100 dimensions, those of rows with 768 too; only
 * their ratios matter. See {@code docs/adr/0031}.
 */
final class FilterPlanner {
  private static final double LINE_BYTES = 64;

  /** A row anywhere in memory, and each of its lines. */
  private static final double ROW_NANOS = 60;

  private static final double ROW_LINE_NANOS = 6;

  /** A row that lies behind the one before, and each of its lines. */
  private static final double NEXT_ROW_NANOS = 16;

  private static final double NEXT_ROW_LINE_NANOS = 4;

  /** What a row on disk takes more, wherever it is cached: a call that copies it. */
  private static final double READ_NANOS = 1_500;

  /** A sketch anywhere in memory, and each of its dimensions. */
  private static final double SKETCH_NANOS = 20;

  private static final double SKETCH_DIMENSION_NANOS = 0.15;

  /** Of the rows estimated by sketches, about the share that is scored beside the best. */
  private static final double SCORED_LATER = 0.02;

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

  /** Links of a node that lead to where the search has not been. */
  private static final double NEW_LINKS_PER_NODE = 10;

  /** A payload read to tell whether a point matches, anywhere and in order. */
  private static final double PAYLOAD_NANOS = 3_000;

  private static final double NEXT_PAYLOAD_NANOS = 1_000;

  /** Nodes that a walk expands until it can be told how many match near the query. */
  private static final double TRIAL_NODES = 30;

  /** A walk is tried where so many trials cost less than what would follow. */
  private static final double TRIALS = 8;

  /** By what factor a walk tried has to cost less than what would follow. */
  private static final double TRIAL_GAIN = 1.5;

  /** What anything else has to save of a scan to be worth being less than exact. */
  private static final double ESTIMATES_SAVE_NANOS = 200_000;

  /** Of so many matches per scored one estimates leave out enough. */
  private static final long MATCHES_PER_SCORED = 4;

  /** Points asked for their match while the best estimates are looked for, per kept one. */
  private static final double TESTS_PER_BEST = 6;

  /** How many more may be asked for than expected. */
  private static final int TESTS_FACTOR = 3;

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

  /**
   * What is known of a segment before a search.
   *
   * @param matches points that match, about
   * @param open points whose match is told only by reading a payload
   * @param points points searched, at least 1
   * @param dimension numbers per row
   * @param rowBytes what a row's numbers take
   * @param links of a node, at most
   * @param wanted hits
   * @param ef beam asked for
   * @param isFused whether the graph carries codes, and rows have sketches
   * @param walkedBytes of what a walk compares of each row where the graph carries none
   * @param together share of the matching points whose rows lie right behind another's
   * @param isOnDisk whether whole rows are read from files
   * @param compared rows with the best estimates by their own codes that are compared whole; 0 =
   *     there are no such codes, or estimates are what is wanted
   */
  record Situation(
      long matches,
      long open,
      long points,
      int dimension,
      int rowBytes,
      int links,
      int wanted,
      int ef,
      boolean isFused,
      int walkedBytes,
      double together,
      boolean isOnDisk,
      int compared) {
    /** Of a part of a field of which so many rows are known, or estimated, to match. */
    static Situation of(
        Part part,
        VectorFieldSettings settings,
        int wanted,
        long matches,
        long open,
        double together) {
      return new Situation(
          matches,
          open,
          part.rows(),
          settings.dimension(),
          settings.rowBytes(),
          settings.links(),
          wanted,
          part.beam(),
          part.isFused(),
          part.walkedBytes(),
          together,
          part.isOnDisk(),
          part.compared());
    }

    private double fraction() {
      return Math.clamp((double) matches / points, 1.0 / points, 1);
    }

    private double rowNanos() {
      return rowNanos(rowBytes) + (isOnDisk ? READ_NANOS : 0);
    }

    /** Of what a walk compares, where that is not blocks of codes. */
    private double walkedNanos() {
      return walkedBytes < rowBytes ? rowNanos(walkedBytes) : rowNanos();
    }

    private double comparedNanos() {
      return compared * rowNanos();
    }

    private static double rowNanos(int bytes) {
      return ROW_NANOS + ROW_LINE_NANOS * bytes / LINE_BYTES;
    }

    private double nodeNanos() {
      return isFused
          ? FUSED_NODE_NANOS + FUSED_DIMENSION_NANOS * dimension
          : ROWS_PER_NODE * BEAM_FACTOR * walkedNanos();
    }

    private double testNanos() {
      return PAYLOAD_NANOS * Math.min(1, (double) open / points);
    }

    /** To hand over all matching points. */
    private double listNanos() {
      return open * NEXT_PAYLOAD_NANOS;
    }

    private double sketchNanos() {
      return SKETCH_NANOS + SKETCH_DIMENSION_NANOS * dimension;
    }

    /** Of matches that are scanned. */
    private double matchNanos() {
      double lines = rowBytes / LINE_BYTES;
      double next = NEXT_ROW_NANOS + NEXT_ROW_LINE_NANOS * lines;
      return together * next + (1 - together) * rowNanos();
    }

    /** Nodes that a walk expands. */
    private double walkNodes() {
      return ef / fraction();
    }

    private double expandNanos() {
      return nodeNanos() + NEW_LINKS_PER_NODE * testNanos();
    }

    private double walkNanos() {
      return walkNodes() * expandNanos() + comparedNanos();
    }

    /** To learn of a walk how many match near the query. */
    private double trialNanos() {
      return TRIAL_NODES * expandNanos();
    }

    private int hopEf() {
      return HOP_EF_FACTOR * ef;
    }

    /** Neighbours per expanded node that two hops look behind. */
    private double gates() {
      return Math.min(links, HOP_CAP / (links * fraction()) / 2);
    }

    private double hopNanos() {
      double near = HOP_CAP / 2.0 * (isFused ? sketchNanos() : BEAM_FACTOR * walkedNanos());
      double node = isFused ? nodeNanos() : 0;
      double tests = links * (1 + gates()) * testNanos();
      double expanding = hopEf() * (node + gates() * LINKS_NANOS + near + tests);
      return expanding + probes() * testNanos() + comparedNanos();
    }

    /** Points tested to begin two hops from matching ones. */
    private double probes() {
      return Math.min(PROBES_MAX, HOP_SEEDS / fraction());
    }

    private double matchesNanos() {
      return listNanos() + matches * matchNanos();
    }

    private double sketchesNanos() {
      double scored = Math.min(matches, sketched() + SCORED_LATER * matches);
      return listNanos() + matches * sketchNanos() + scored * rowNanos();
    }

    private double ownCodesNanos() {
      return listNanos() + matches * rowNanos(walkedBytes) + comparedNanos();
    }

    private double codesNanos() {
      double tests = tests() * testNanos();
      return points / ROWS_PER_BLOCK * (CODES_NANOS + CODES_DIMENSION_NANOS * dimension)
          + coded() * rowNanos()
          + tests;
    }

    /** Points that a scan by codes asks for their match if these are anywhere. */
    private double tests() {
      return TESTS_PER_BEST * coded() / fraction();
    }

    private int sketched() {
      return SlotSearch.scoredAfterSketches(wanted, ef);
    }

    private int coded() {
      return SlotSearch.scoredAfterCodes(wanted, ef);
    }
  }

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
        Situation all = Situation.of(part, vectors.settings(), asked.k(), part.rows(), 0, 1);
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
        Situation all = Situation.of(part, vectors.settings(), asked.k(), part.rows(), 0, 1);
        nanos += part.hasGraph() ? all.walkNanos() : all.matchesNanos();
      }
    }
    return nanos;
  }

  /** Plans in the order in which to try them; the last one always answers. */
  static List<FilterPlan> plans(Situation situation) {
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
  static FilterPlan scanPlan(Situation situation) {
    return scan(situation).plan();
  }

  private static Scan scan(Situation situation) {
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
  private static long codeTests(Situation situation) {
    return situation.open() == 0
        ? Long.MAX_VALUE
        : (long) (TESTS_FACTOR * Math.min(situation.tests(), situation.points()));
  }

  private static FilterPlan walk(Situation situation, double nextNanos) {
    // Where this share would make it cost what comes next, that is no reason yet to begin anew.
    double share = situation.fraction() * situation.walkNanos() / nextNanos / 2;
    return walk(situation, WALK_FACTOR * situation.walkNodes(), share);
  }

  /** Whether learning that a walk is of no use costs little of what it may save. */
  private static boolean isTried(Situation situation, double nextNanos) {
    double atBest = situation.ef() * situation.expandNanos();
    return TRIALS * situation.trialNanos() < nextNanos
        && TRIAL_GAIN * atBest < nextNanos
        && nextNanos - atBest > ESTIMATES_SAVE_NANOS;
  }

  /**
   * A walk that only pays where more of the points near the query match than elsewhere: whether
   * they do is told soon.
   */
  private static FilterPlan trial(Situation situation, double nextNanos) {
    double nodes = nextNanos / situation.expandNanos();
    return walk(situation, nodes, TRIAL_GAIN * situation.ef() / nodes);
  }

  private static FilterPlan walk(Situation situation, double nodes, double share) {
    double rowsPerNode = situation.isFused() ? FusedSearcher.ROWS_PER_NODE : ROWS_PER_NODE;
    return new FilterPlan.Walk(
        new WalkLimits(
            (int) Math.min(nodes, Integer.MAX_VALUE), (long) (nodes * rowsPerNode), share));
  }

  private static FilterPlan twoHop(Situation situation, double scanNanos) {
    int probes = (int) situation.probes();
    double rowNanos = situation.isFused() ? situation.rowNanos() : situation.walkedNanos();
    long rows = (long) (HOP_SHARE * scanNanos / rowNanos);
    return new FilterPlan.TwoHop(situation.hopEf(), new HopLimits(HOP_CAP, probes, rows));
  }
}
