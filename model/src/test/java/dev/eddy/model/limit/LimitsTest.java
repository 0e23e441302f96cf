package dev.eddy.model.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LimitsTest {
  @Test
  void everyLimitHasANameOfItsOwn() {
    assertThat(Arrays.stream(Limit.values()).map(Limit::apiName)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void aLimitIsSetWithinItsBoundsOnly(Limit limit) {
    assertThat(limit.standard()).isBetween(limit.least(), limit.most());
    if (!limit.isSettable()) {
      assertThatThrownBy(() -> Limits.DEFAULT.with(limit, limit.standard()))
          .hasMessageContaining(limit.apiName() + " can't be set");
      return;
    }
    assertThat(Limits.DEFAULT.with(limit, limit.least()).of(limit)).isEqualTo(limit.least());
    assertThat(Limits.DEFAULT.with(limit, limit.most()).of(limit)).isEqualTo(limit.most());
    for (long beyond : new long[] {limit.least() - 1, limit.most() + 1}) {
      assertThatThrownBy(() -> Limits.DEFAULT.with(limit, beyond))
          .hasMessage(
              "%s is from %d to %d, got %d"
                  .formatted(limit.apiName(), limit.least(), limit.most(), beyond));
    }
  }

  @Test
  void settingOneChangesNoOther() {
    Limits changed = Limits.DEFAULT.with(Limit.REQUEST_TIME, 500);
    assertThat(changed.timeOf(Limit.REQUEST_TIME)).isEqualTo(Duration.ofMillis(500));
    assertThat(changed.of(Limit.ANSWER_TIME)).isEqualTo(Limit.ANSWER_TIME.standard());
    assertThat(Limits.DEFAULT.of(Limit.REQUEST_TIME)).isEqualTo(120_000);
  }

  @Test
  void answersLeaveMostOfTheHeapToOthers() {
    Limits small = Limits.ofHeap(600L << 20);
    assertThat(small.of(Limit.ANSWER)).isEqualTo(50L << 20);
    assertThat(small.of(Limit.ANSWERS)).isEqualTo(100L << 20);
    assertThat(Limits.ofHeap(1L << 40).of(Limit.ANSWER)).isEqualTo(Limit.ANSWER.standard());
  }
}
