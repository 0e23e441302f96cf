package dev.eddy.model.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class QuantizationTest {
  @Test
  void aQuantileIsFromAHalfToOne() {
    for (float quantile : new float[] {0.5f, 0.99f, 1}) {
      assertThat(new Quantization.Scalar(quantile, null, null).quantile()).isEqualTo(quantile);
    }
    for (float quantile : new float[] {0.49f, 1.01f, Float.NaN}) {
      assertThatThrownBy(() -> new Quantization.Scalar(quantile, null, null))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("quantile must be from 0.5 to 1.0, got " + quantile);
    }
  }
}
