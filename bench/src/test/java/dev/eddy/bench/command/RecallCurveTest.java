package dev.eddy.bench.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RecallCurveTest {
  private final RecallCurve curve = new RecallCurve();

  @Test
  void betweenTwoPointsTheRateFallsEvenlyOnALogarithmicScale() {
    curve.add(0.9, 10_000);
    curve.add(0.98, 2_500);

    assertThat(curve.perSecondAt(0.94)).isCloseTo(5_000, within(1e-6));
    assertThat(curve.perSecondAt(0.9)).isEqualTo(10_000);
  }

  @Test
  void outsideOfWhatWasMeasuredThereIsNoRate() {
    curve.add(0.9, 10_000);
    curve.add(0.98, 2_500);

    assertThat(curve.perSecondAt(0.89)).isNaN();
    assertThat(curve.perSecondAt(0.99)).isNaN();
  }
}
