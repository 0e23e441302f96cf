package dev.eddy.model.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.usage.FilterPlans.Attempt;
import dev.eddy.model.usage.FilterPlans.Plan;
import org.junit.jupiter.api.Test;

final class FilterPlansTest {
  @Test
  void whatIsTriedDuringARequestIsKnownToItAndToNobodyElse() {
    FilterPlans plans = new FilterPlans();
    FilterPlans.tried(Plan.SCAN_CODES, false);
    String result =
        plans.during(() -> {
          FilterPlans.tried(Plan.WALK, true);
          FilterPlans.tried(Plan.TWO_HOP, false);
          return "done";
        });
    FilterPlans.tried(Plan.SCAN_MATCHES, false);
    assertThat(result).isEqualTo("done");
    assertThat(plans.attempts())
        .containsExactly(new Attempt(Plan.WALK, true), new Attempt(Plan.TWO_HOP, false));
  }
}
