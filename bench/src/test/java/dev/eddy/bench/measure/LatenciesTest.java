package dev.eddy.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatenciesTest {
  @Test
  void aQuantileIsTheSmallestDurationThatThisShareDoesNotExceed() {
    Latencies latencies =
        new Latencies(LongStream.rangeClosed(1, 100).map(i -> (101 - i) * 1_000_000).toArray());

    assertThat(latencies.millis(0)).isEqualTo(1);
    assertThat(latencies.millis(0.5)).isEqualTo(50);
    assertThat(latencies.millis(0.99)).isEqualTo(99);
    assertThat(latencies.maxMillis()).isEqualTo(100);
  }

  @Test
  void nothingMeasuredIsAnError() {
    assertThatThrownBy(() -> new Latencies(new long[0])).hasMessageContaining("no durations");
  }
}
