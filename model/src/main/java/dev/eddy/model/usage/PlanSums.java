package dev.eddy.model.usage;

import dev.eddy.model.usage.FilterPlans.Plan;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How the filtered searches of a shard went since it is served where it is: by plan, what all
 * attempts come to. Immutable.
 *
 * @param byPlan a number for each {@link Sum}, in their order; plans never tried are missing
 */
public record PlanSums(Map<Plan, List<Long>> byPlan) {
  /** What is summed. */
  public enum Sum {
    /** Attempts; one in each segment, and one in all those that are scanned together. */
    TRIED,
    /** Attempts that were followed by another one. */
    GIVEN_UP,
    /** Points that were searched. */
    POINTS,
    /** Rows that were compared, estimated or met. */
    VISITED_ROWS,
    /** Of how many whole rows compared that is the cost. */
    COST_ROWS,
    /** Attempts with an estimate of the points that match. */
    ESTIMATES,
    /** Points that match, by those estimates. */
    ESTIMATED,
    /** Attempts with an estimate that looked at all points that match, too. */
    CHECKED,
    /** Points that match, by the estimates of the checked attempts. */
    CHECKED_ESTIMATED,
    /** Points that did match in the checked attempts. */
    CHECKED_MATCHED
  }

  /** Nothing was tried. */
  public static final PlanSums NONE = new PlanSums(Map.of());

  /** Checks the numbers. */
  public PlanSums {
    Map<Plan, List<Long>> copy = new EnumMap<>(Plan.class);
    byPlan.forEach((plan, sums) -> {
      if (sums.size() != Sum.values().length) {
        throw new IllegalArgumentException("%d sums of %s".formatted(sums.size(), plan));
      }
      copy.put(plan, List.copyOf(sums));
    });
    byPlan = Collections.unmodifiableMap(copy);
  }
}
