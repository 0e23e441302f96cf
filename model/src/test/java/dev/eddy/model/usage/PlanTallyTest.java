package dev.eddy.model.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.usage.FilterPlans.Attempt;
import dev.eddy.model.usage.FilterPlans.Plan;
import dev.eddy.model.usage.FilterPlans.Step;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PlanTallyTest {
  @Test
  void sumsByPlanAndChecksEstimatesWhereAllWasLookedAt() {
    PlanTally tally = new PlanTally();
    assertThat(tally.sums()).isEqualTo(PlanSums.NONE);
    tally.add(new Step(0, 0, Plan.WALK, true, 100, 40, FilterPlans.UNKNOWN, 30, 3));
    tally.add(new Step(0, 1, Plan.WALK, false, 200, 50, FilterPlans.UNKNOWN, 70, 7));
    tally.add(new Step(0, FilterPlans.ALL_SEGMENTS, Plan.SCAN_MATCHES, false, 300, 9, 8, 8, 8));
    tally.add(
        new Step(
            1,
            FilterPlans.ALL_SEGMENTS,
            Plan.SCAN_MATCHES,
            false,
            300,
            FilterPlans.UNKNOWN,
            5,
            5,
            5));
    PlanSums sums = tally.sums();
    assertThat(sums.byPlan())
        .isEqualTo(
            Map.of(
                Plan.WALK, List.of(2L, 1L, 300L, 100L, 10L, 2L, 90L, 0L, 0L, 0L),
                Plan.SCAN_MATCHES, List.of(2L, 0L, 600L, 13L, 13L, 1L, 9L, 1L, 9L, 8L)));
  }

  @Test
  void stepsNameTheQueryThatIsUnderWay() {
    FilterPlans plans = new FilterPlans();
    FilterPlans.ofQuery(7);
    FilterPlans.went(0, new Attempt(Plan.WALK, false), 1, 1, 1, 1, 1);
    Explanation explanation = new Explanation();
    var _ =
        explanation.during(() ->
            plans.during(() -> {
              FilterPlans.ofQuery(2);
              FilterPlans.went(3, new Attempt(Plan.TWO_HOP, true), 10, 4, -1, 6, 5);
              Explanation.current().orElseThrow().add(1, plans.steps());
              return true;
            }));
    Step step = new Step(2, 3, Plan.TWO_HOP, true, 10, 4, -1, 6, 5);
    assertThat(plans.steps()).containsExactly(step);
    assertThat(explanation.steps()).containsExactly(new Explanation.ShardStep(1, step));
    assertThat(Explanation.current()).isEmpty();
  }
}
