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
  /** The slots that match. Stable while a search asks it. */
  public interface Matches {
    /** How many there are, about. */
    long count();

    /** Slots, at most, whose match is told only by reading a payload. */
    long open();

    /** Whether a slot is live and matches. */
    boolean contains(int slot);

    /** {@link #contains} for who asks about so many slots. */
    default SlotAcceptor acceptor(long tests) {
      return this::contains;
    }

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
  public boolean tryPlans(long points, TopSlots top) {
    for (FilterPlan plan : plans(points)) {
      if (plan instanceof FilterPlan.ScanMatches) {
        FilterPlans.tried(plan.kind(), false);
        return false;
      }
      boolean isDone = run(plan, top);
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
    // Of a name that few points have no more are searched. How many of the matching ones have it
    // is not known.
    long rows = Math.clamp(vectors.rows(), 1, points);
    return FilterPlanner.plans(
        new FilterPlanner.Situation(
            Math.min(matches.count(), rows),
            Math.min(matches.open(), rows),
            rows,
            vectors.settings().dimension(),
            vectors.settings().links(),
            Math.max(1, vectors.graphs()),
            asked.k(),
            beam,
            vectors.isFused(asked.codes()),
            vectors.walkedBytes(asked.codes())));
  }

  private boolean run(FilterPlan plan, TopSlots top) {
    return switch (plan) {
      case FilterPlan.ScanMatches _ -> false;
      case FilterPlan.ScanSketches _ -> scanSketches(top);
      case FilterPlan.ScanCodes(long tests) -> search(new Way.Codes(tests), asked.ef(), tests, top);
      case FilterPlan.Walk(WalkLimits limits) ->
          search(new Way.Walk(limits), beam, limits.rows(), top);
      case FilterPlan.TwoHop hop ->
          search(new Way.TwoHop(hop.limits()), hop.ef(), hop.limits().rows(), top);
    };
  }

  private boolean scanSketches(TopSlots top) {
    int best = SlotSearch.scoredAfterSketches(asked.k(), asked.ef());
    try (SketchScan scan = vectors.sketchScan(query, best, top)) {
      matches.forEach(scan::add);
      return scan.finish();
    }
  }

  private boolean search(Way way, int ef, long tests, TopSlots top) {
    SlotAcceptor accept = matches.acceptor(tests);
    return vectors.search(query, asked.by(way, ef), accept, top);
  }
}
