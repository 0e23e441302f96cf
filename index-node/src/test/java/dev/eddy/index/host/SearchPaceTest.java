package dev.eddy.index.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.index.host.SearchPace.Kind;
import org.junit.jupiter.api.Test;

final class SearchPaceTest {
  private static final long MICROS = 1_000;
  private static final long MILLIS = 1_000_000;
  private static final Kind TEXT = new Kind("text", false, false);

  private final SearchPace pace = new SearchPace();

  private void note(int times, long nanos) {
    for (int i = 0; i < times; i++) {
      pace.note(TEXT, nanos);
    }
  }

  @Test
  void whatIsNotKnownIsNotShort() {
    assertThat(pace.isShort(TEXT)).isFalse();
    pace.note(new Kind("text", true, false), 100 * MICROS);
    pace.note(new Kind("text", false, true), 100 * MICROS);
    pace.note(new Kind("image", false, false), 100 * MICROS);
    assertThat(pace.isShort(TEXT)).isFalse();
    assertThat(pace.isShort(new Kind("image", false, false))).isTrue();
  }

  @Test
  void onesThatTakeLongerSoonCount() {
    note(20, 200 * MICROS);
    note(3, 3 * MILLIS);
    assertThat(pace.isShort(TEXT)).isTrue();
    note(10, 3 * MILLIS);
    assertThat(pace.isShort(TEXT)).isFalse();
  }

  @Test
  void oneThatTookLongCountsUntilManyWereShort() {
    note(100, 100 * MICROS);
    pace.note(TEXT, 60_000 * MILLIS);
    note(20, 100 * MICROS);
    assertThat(pace.isShort(TEXT)).as("one in twenty is long").isFalse();
    note(40, 100 * MICROS);
    assertThat(pace.isShort(TEXT)).isTrue();
  }
}
