package dev.eddy.engine.search;

import dev.eddy.engine.segment.SlotSearch;
import dev.eddy.engine.segment.VectorFieldSettings;
import dev.eddy.engine.segment.VectorFieldSnapshot.Part;

/**
 * What is known of a segment before a filtered search, and what each way to search it is expected
 * to cost: nanoseconds, of which only the ratios matter. They were measured with 100 dimensions,
 * those of rows with 768 too. See {@code docs/adr/0031}.
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
record FilterSituation(
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
  /** Rows that expanding a node of a plain graph scores. */
  static final double ROWS_PER_NODE = 12;

  /** Matching nodes that two hops want around each expanded one. */
  static final int HOP_CAP = 48;

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

  /** What rows that a walk scores cost more in a beam. */
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

  /** Points asked for their match while the best estimates are looked for, per kept one. */
  private static final double TESTS_PER_BEST = 6;

  private static final int HOP_EF_FACTOR = 2;
  private static final int HOP_SEEDS = 32;
  private static final int PROBES_MAX = 1 << 16;

  /** Of a part of a field of which so many rows are known, or estimated, to match. */
  static FilterSituation of(
      Part part,
      VectorFieldSettings settings,
      int wanted,
      long matches,
      long open,
      double together) {
    return new FilterSituation(
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

  double fraction() {
    return Math.clamp((double) matches / points, 1.0 / points, 1);
  }

  double rowNanos() {
    return rowNanos(rowBytes) + (isOnDisk ? READ_NANOS : 0);
  }

  /** Of what a walk compares, where that is not blocks of codes. */
  double walkedNanos() {
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
  double walkNodes() {
    return ef / fraction();
  }

  double expandNanos() {
    return nodeNanos() + NEW_LINKS_PER_NODE * testNanos();
  }

  double walkNanos() {
    return walkNodes() * expandNanos() + comparedNanos();
  }

  /** To learn of a walk how many match near the query. */
  double trialNanos() {
    return TRIAL_NODES * expandNanos();
  }

  int hopEf() {
    return HOP_EF_FACTOR * ef;
  }

  /** Neighbours per expanded node that two hops look behind. */
  private double gates() {
    return Math.min(links, HOP_CAP / (links * fraction()) / 2);
  }

  double hopNanos() {
    double near = HOP_CAP / 2.0 * (isFused ? sketchNanos() : BEAM_FACTOR * walkedNanos());
    double node = isFused ? nodeNanos() : 0;
    double tests = links * (1 + gates()) * testNanos();
    double expanding = hopEf() * (node + gates() * LINKS_NANOS + near + tests);
    return expanding + probes() * testNanos() + comparedNanos();
  }

  /** Points tested to begin two hops from matching ones. */
  double probes() {
    return Math.min(PROBES_MAX, HOP_SEEDS / fraction());
  }

  double matchesNanos() {
    return listNanos() + matches * matchNanos();
  }

  double sketchesNanos() {
    double scored = Math.min(matches, sketched() + SCORED_LATER * matches);
    return listNanos() + matches * sketchNanos() + scored * rowNanos();
  }

  double ownCodesNanos() {
    return listNanos() + matches * rowNanos(walkedBytes) + comparedNanos();
  }

  double codesNanos() {
    double tests = tests() * testNanos();
    return points / ROWS_PER_BLOCK * (CODES_NANOS + CODES_DIMENSION_NANOS * dimension)
        + coded() * rowNanos()
        + tests;
  }

  /** Points that a scan by codes asks for their match if these are anywhere. */
  double tests() {
    return TESTS_PER_BEST * coded() / fraction();
  }

  int sketched() {
    return SlotSearch.scoredAfterSketches(wanted, ef);
  }

  int coded() {
    return SlotSearch.scoredAfterCodes(wanted, ef);
  }
}
