package dev.eddy.engine.search;

import dev.eddy.engine.graph.WalkLimits;
import dev.eddy.engine.segment.SketchScan;
import dev.eddy.engine.segment.SketchScan.How;
import dev.eddy.engine.segment.SlotAcceptor;
import dev.eddy.engine.segment.SlotSearch;
import dev.eddy.engine.segment.SlotSearch.Way;
import dev.eddy.engine.segment.TopSlots;
import dev.eddy.engine.segment.VectorFieldSnapshot;
import dev.eddy.engine.segment.VectorFieldSnapshot.Part;
import dev.eddy.model.usage.FilterPlans;
import dev.eddy.model.usage.FilterPlans.Plan;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the nearest of the slots that match a filter, by graphs and codes where these are quicker
 * than scoring all: tries, in each part of a field, what {@link FilterPlanner} plans there. Parts
 * whose matches are to be scanned are so in one go at the end, when it is known how good a hit has
 * to be. Not thread-safe.
 */
public final class FilteredSearch {
  /** Takes slots; false = no more. */
  @FunctionalInterface
  public interface SlotsConsumer {
    /** Takes {@code slots[0 .. count)}, which change after. */
    boolean take(int[] slots, int count);
  }

  /** The slots that match. Stable while a search asks it. */
  public interface Matches {
    /** How many there are in {@code [from, to)}, about. */
    long count(int from, int to);

    /** Slots in {@code [from, to)}, at most, whose match is told only by reading a payload. */
    long open(int from, int to);

    /** Whether a slot is live and matches. */
    boolean contains(int slot);

    /** {@link #contains} for who asks about so many slots. */
    default SlotAcceptor acceptor(long tests) {
      return this::contains;
    }

    /** Hands over the slots in {@code [from, to)}, ascending, until the consumer has enough. */
    void forEach(int from, int to, SlotsConsumer consumer);
  }

  /** So many matches tell whether rows lie together. */
  private static final int SAMPLED_MATCHES = 64;

  /** Where fewer match they are scored anyway. */
  private static final int SAMPLED_MATCHES_MIN = 2_000;

  private final VectorFieldSnapshot vectors;
  private final Matches matches;
  private final float[] query;
  private final SlotSearch asked;

  /** What was tried; told once however many parts it was tried in. */
  private final Set<FilterPlans.Attempt> attempts = new LinkedHashSet<>();

  /**
   * @param query as the engine compares it
   * @param asked what is wanted; the way is found here
   */
  public FilteredSearch(
      VectorFieldSnapshot vectors, Matches matches, float[] query, SlotSearch asked) {
    this.vectors = vectors;
    this.matches = matches;
    this.query = query;
    this.asked = asked;
  }

  /**
   * Adds the nearest to top, with exact similarities.
   *
   * @param top reset to the hits wanted
   * @return false when all matching slots are to be scored instead; there is nothing in top then
   */
  public boolean tryPlans(TopSlots top) {
    How[] hows = new How[vectors.parts()];
    boolean isScanned = true;
    for (int part = 0; part < hows.length; part++) {
      hows[part] = tryPlans(part, top);
      isScanned &= hows[part] == How.EXACT;
    }
    if (!isScanned) {
      scan(hows, top);
    }
    attempts.forEach(attempt -> FilterPlans.tried(attempt.plan(), attempt.isGivenUp()));
    return !isScanned;
  }

  /** Tries the plans of a part; returns how it is left to be scanned. */
  private How tryPlans(int index, TopSlots top) {
    Part part = vectors.part(index, asked);
    long matching = matching(part);
    for (FilterPlan plan : plans(index, part, matching)) {
      long visited = top.visitedRows();
      long cost = top.costRows();
      boolean isDone =
          switch (plan) {
            case FilterPlan.ScanMatches _, FilterPlan.ScanSketches _, FilterPlan.ScanOwnCodes _ ->
                true;
            case FilterPlan.ScanCodes(long tests) -> scanCodes(index, tests, top);
            case FilterPlan.Walk(WalkLimits limits) ->
                search(index, new Way.Walk(limits), part.beam(), limits.rows(), top);
            case FilterPlan.TwoHop hop ->
                search(index, new Way.TwoHop(hop.limits()), hop.ef(), hop.limits().rows(), top);
          };
      FilterPlans.Attempt attempt = new FilterPlans.Attempt(plan.kind(), !isDone);
      attempts.add(attempt);
      if (!plan.isScanOfMatches()) {
        FilterPlans.went(
            index,
            attempt,
            part.rows(),
            matching,
            FilterPlans.UNKNOWN,
            top.visitedRows() - visited,
            top.costRows() - cost);
      }
      if (isDone) {
        return switch (plan) {
          case FilterPlan.ScanMatches _ -> How.EXACT;
          case FilterPlan.ScanSketches _ -> How.SKETCHES;
          case FilterPlan.ScanOwnCodes _ -> How.OWN_CODES;
          default -> How.SKIP;
        };
      }
    }
    return How.EXACT;
  }

  /**
   * Of a name that few points have no more are searched; how many of the matching ones have it is
   * not known.
   */
  private long matching(Part part) {
    return part.rows() == 0
        ? 0
        : Math.min(matches.count(part.firstSlot(), part.lastSlot() + 1), part.rows());
  }

  private List<FilterPlan> plans(int index, Part part, long matching) {
    if (part.rows() == 0 || (!part.hasGraph() && part.compared() == 0)) {
      return List.of(new FilterPlan.ScanMatches());
    }
    int from = part.firstSlot();
    int to = part.lastSlot() + 1;
    FilterSituation situation =
        FilterSituation.of(
            part,
            vectors.settings(),
            asked.k(),
            matching,
            Math.min(matches.open(from, to), part.rows()),
            matching < SAMPLED_MATCHES_MIN ? 0 : together(index, from, to));
    return part.hasGraph()
        ? FilterPlanner.plans(situation)
        : List.of(FilterPlanner.scanPlan(situation));
  }

  /** The share of matches whose rows lie right behind another's, by the first ones. */
  private double together(int index, int from, int to) {
    if (matches.open(from, to) > 0) {
      return 0; // Rows are not what such a scan waits for.
    }
    double[] share = new double[1];
    matches.forEach(
        from,
        to,
        (slots, count) -> {
          int sampled = Math.min(count, SAMPLED_MATCHES);
          share[0] = (double) vectors.countTogether(index, slots, sampled) / sampled;
          return false;
        });
    return share[0];
  }

  private boolean search(int index, Way way, int ef, long tests, TopSlots top) {
    SlotAcceptor accept = matches.acceptor(tests);
    return vectors.searchPart(index, query, asked.by(way, ef), accept, top);
  }

  /** Hits of a scan that is not sure come to nothing. */
  private boolean scanCodes(int index, long tests, TopSlots top) {
    TopSlots found = top.size() == 0 ? top : new TopSlots(top.wanted());
    boolean isDone = search(index, new Way.Codes(tests), asked.ef(), tests, found);
    if (!isDone) {
      found.restart();
    }
    if (found != top) {
      top.take(found);
    }
    return isDone;
  }

  private void scan(How[] hows, TopSlots top) {
    int from = Integer.MAX_VALUE;
    int to = 0;
    long points = 0;
    long matching = 0;
    Plan plan = Plan.SCAN_MATCHES;
    for (int index = 0; index < hows.length; index++) {
      Part part = vectors.part(index, asked);
      if (hows[index] != How.SKIP && part.rows() > 0) {
        points += part.rows();
        matching += matching(part);
        plan = plan == Plan.SCAN_MATCHES ? planOf(hows[index]) : plan;
        from = Math.min(from, part.firstSlot());
        to = Math.max(to, part.lastSlot() + 1);
      }
    }
    if (from >= to) {
      return;
    }
    long visited = top.visitedRows();
    long cost = top.costRows();
    try (SketchScan scan = vectors.sketchScan(query, hows, asked, top)) {
      matches.forEach(from, to, scan::add);
      scan.finish();
      FilterPlans.went(
          FilterPlans.ALL_SEGMENTS,
          new FilterPlans.Attempt(plan, false),
          points,
          matching,
          scan.takenRows(),
          top.visitedRows() - visited,
          top.costRows() - cost);
    }
  }

  private static Plan planOf(How how) {
    return switch (how) {
      case SKETCHES -> Plan.SCAN_SKETCHES;
      case OWN_CODES -> Plan.SCAN_OWN_CODES;
      case EXACT, SKIP -> Plan.SCAN_MATCHES;
    };
  }
}
