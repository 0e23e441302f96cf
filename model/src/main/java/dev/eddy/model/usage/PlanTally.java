package dev.eddy.model.usage;

import dev.eddy.model.usage.FilterPlans.Plan;
import dev.eddy.model.usage.FilterPlans.Step;
import dev.eddy.model.usage.PlanSums.Sum;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/** Sums up what became of plans: a few additions each. Safe from any thread. */
public final class PlanTally {
  private static final int SUMS = Sum.values().length;

  private final AtomicLongArray sums = new AtomicLongArray(Plan.values().length * SUMS);

  /** Adds one. */
  public void add(Step step) {
    add(step, Sum.TRIED, 1);
    add(step, Sum.GIVEN_UP, step.isGivenUp() ? 1 : 0);
    add(step, Sum.POINTS, step.points());
    add(step, Sum.VISITED_ROWS, step.visitedRows());
    add(step, Sum.COST_ROWS, step.costRows());
    if (step.estimated() == FilterPlans.UNKNOWN) {
      return;
    }
    add(step, Sum.ESTIMATES, 1);
    add(step, Sum.ESTIMATED, step.estimated());
    if (step.matched() != FilterPlans.UNKNOWN) {
      add(step, Sum.CHECKED, 1);
      add(step, Sum.CHECKED_ESTIMATED, step.estimated());
      add(step, Sum.CHECKED_MATCHED, step.matched());
    }
  }

  private void add(Step step, Sum sum, long amount) {
    if (amount != 0) {
      sums.addAndGet(step.plan().ordinal() * SUMS + sum.ordinal(), amount);
    }
  }

  /** What it comes to so far; while others add, of one step some sums may be there and some not. */
  public PlanSums sums() {
    Map<Plan, List<Long>> byPlan = new EnumMap<>(Plan.class);
    for (Plan plan : Plan.values()) {
      int from = plan.ordinal() * SUMS;
      if (sums.get(from) > 0) {
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < SUMS; i++) {
          all.add(sums.get(from + i));
        }
        byPlan.put(plan, all);
      }
    }
    return new PlanSums(byPlan);
  }
}
