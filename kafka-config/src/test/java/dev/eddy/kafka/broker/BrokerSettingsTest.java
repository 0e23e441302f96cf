package dev.eddy.kafka.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BrokerSettingsTest {
  @Test
  void aWildcardIsListenedOnButNeverAdvertised() {
    assertThat(BrokerSettings.of(Path.of("d"), "0.0.0.0", "db.example", 9092).host())
        .isEqualTo("0.0.0.0");
    assertThatThrownBy(() -> BrokerSettings.of(Path.of("d"), "0.0.0.0", "0.0.0.0", 9092))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("advertised host 0.0.0.0");
  }

  @Test
  void aPortOutOfRangeIsNamedWithItsLimits() {
    assertThatThrownBy(() -> BrokerSettings.onLoopback(Path.of("d"), 65_536))
        .hasMessage("port must be in [0, 65535], got 65536");
  }

  @Test
  void skippedTimeIsAheadOfTheSystemsByNoLessThanWasSkipped() {
    SkippingTime time = new SkippingTime();
    time.skip(Duration.ofHours(1));
    long system = System.nanoTime();
    assertThat(time.nanoseconds() - system).isGreaterThanOrEqualTo(Duration.ofHours(1).toNanos());
  }
}
