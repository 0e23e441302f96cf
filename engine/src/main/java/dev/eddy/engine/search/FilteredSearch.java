package dev.eddy.engine.search;

import dev.eddy.engine.graph.WalkLimits;
import dev.eddy.engine.segment.SketchScan;
import dev.eddy.engine.segment.SlotAcceptor;
import dev.eddy.engine.segment.SlotSearch;
import dev.eddy.engine.segment.SlotSearch.Way;
import dev.eddy.engine.segment.TopSlots;
import dev.eddy.engine.segment.VectorFieldSnapshot;
import dev.eddy.model.usage.FilterPlans;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Finds the nearest of the slots that match a filter, by graphs and codes where these are quicker
 * than scoring all: tries what {@link FilterPlanner} plans. Not thread-safe.
 */
public final class FilteredSearch {
  /** Rows scored after estimating, per hit; more where a wide beam is asked for. */
  private static final int BEST_PER_HIT = 8;

  /** The slots that match. Stable while a search asks it. */
  public interface Matches {
    /** How many there are, about. */
    long count();

    /** Whether a match is told without reading a payload. */
    boolean isTestCheap();

    /** Whether a slot is live and matches. */
    boolean contains(int slot);

    /** Hands over the slots, ascending, until the consumer returns false. */
    void forEach(IntPredicate consumer);
  }

  private final VectorFieldSnapshot vectors;
  private final Matches matches;
  private final float[] query;
  private final SlotSearch asked;
  private final int beam;

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
    this.beam = vectors.beam(asked);
  }

  /**
   * Adds the nearest to top, with exact similarities.
   *
   * @param points how many points the matching ones are of, at least 1
   * @param top reset to the hits wanted
   * @return false when all matching slots are to be scored instead; there is nothing in top then
   */
  public boolean isFound(long points, TopSlots top) {
    for (FilterPlan plan : plans(points)) {
      if (plan instanceof FilterPlan.ScanMatches) {
        FilterPlans.tried(plan.kind(), false);
        return false;
      }
      boolean isDone = isDone(plan, top);
      FilterPlans.tried(plan.kind(), !isDone);
      if (isDone) {
        return true;
      }
      top.restart();
    }
    return false;
  }

  private List<FilterPlan> plans(long points) {
    if (!vectors.settings().hasGraph()) {
      return List.of(new FilterPlan.ScanMatches());
    }
    return FilterPlanner.plans(
        new FilterPlanner.Situation(
            matches.count(),
            matches.isTestCheap(),
            points,
            vectors.settings().dimension(),
            beam,
            vectors.isFused(asked.codes()),
            vectors.walkedBytes(asked.codes())));
  }

  private boolean isDone(FilterPlan plan, TopSlots top) {
    return switch (plan) {
      case FilterPlan.ScanMatches _ -> false;
      case FilterPlan.ScanSketches _ -> scanSketches(top);
      case FilterPlan.ScanCodes _ -> search(new Way.Codes(), asked.ef(), top);
      case FilterPlan.Walk(WalkLimits limits) -> search(new Way.Walk(limits), beam, top);
      case FilterPlan.TwoHop hop -> search(new Way.TwoHop(hop.limits()), hop.ef(), top);
    };
  }

  private boolean scanSketches(TopSlots top) {
    int best = Math.max(asked.ef(), BEST_PER_HIT * asked.k());
    try (SketchScan scan = vectors.sketchScan(query, best, top)) {
      matches.forEach(scan::add);
      scan.finish();
    }
    return true;
  }

  private boolean search(Way way, int ef, TopSlots top) {
    SlotAcceptor accept = matches::contains;
    return vectors.search(query, asked.by(way, ef), accept, top);
  }
}
