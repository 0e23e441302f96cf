package dev.eddy.model.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DatetimesTest {
  private static long micros(String instant) {
    Instant moment = Instant.parse(instant);
    return moment.getEpochSecond() * 1_000_000 + moment.getNano() / 1_000;
  }

  @Test
  void readsTheAcceptedForms() {
    long ten = micros("2024-01-02T10:00:00Z");
    for (String text :
        List.of(
            "2024-01-02T10:00:00Z",
            "2024-01-02 10:00:00",
            "2024-01-02T10:00",
            "2024-01-02 10:00",
            "2024-01-02T11:00:00+01:00",
            "2024-01-02T11:00:00+0100",
            "2024-01-02 10:00:00Z",
            "2024-01-02T10:00:00.0000009Z")) {
      assertThat(Datetimes.parseMicros(text)).as(text).hasValue(ten);
    }
    assertThat(Datetimes.parseMicros("2024-01-02")).hasValue(micros("2024-01-02T00:00:00Z"));
    assertThat(Datetimes.parseMicros("1969-12-31T23:59:59.5Z")).hasValue(-500_000);
  }

  @Test
  void anythingElseIsNoDate() {
    for (String text :
        List.of(
            "",
            "2024",
            "2024-13-01",
            "2024-02-30",
            "10:00",
            "1704189600",
            "2024-01-02T",
            "2024-01-02X10:00",
            "tomorrow!!")) {
      assertThat(Datetimes.parseMicros(text)).as(text).isEmpty();
    }
  }
}
