package dev.eddy.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class RenumberingRuleTest {
  private static final int MILLION = 1_000_000;

  @Test
  void manyMoreSlotsThanPointsAreTooMany() {
    RenumberingRule rule = RenumberingRule.DEFAULT;
    assertThat(rule.isDue(4 * MILLION, 0)).as("few slots").isFalse();
    assertThat(rule.isDue(5 * MILLION, 0)).isTrue();
    assertThat(rule.isDue(8 * MILLION - 1, MILLION)).isFalse();
    assertThat(rule.isDue(8 * MILLION, MILLION)).isTrue();
    assertThat(rule.isDue(Integer.MAX_VALUE, 268 * MILLION)).isTrue();
  }

  @Test
  void whereSlotsRunOutTwoForEachPointAreEnough() {
    RenumberingRule rule = RenumberingRule.DEFAULT;
    assertThat(rule.isDue(1_500 * MILLION, 500 * MILLION)).isFalse();
    assertThat(rule.isDue(1_700 * MILLION, 500 * MILLION)).isTrue();
    assertThat(rule.isDue(1_700 * MILLION, 900 * MILLION)).isFalse();
    assertThat(rule.isUrgent(1_700 * MILLION)).isTrue();
  }

  @Test
  void fewerThanTwoSlotsForEachPointAreNoRule() {
    assertThatThrownBy(() -> new RenumberingRule(1, 1, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("slotsPerPoint 2");
  }
}
