package dev.eddy.index.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SearchPaceTest {
  private static final long MICROS = 1_000;
  private static final long MILLIS = 1_000_000;

  private final SearchPace pace = new SearchPace();

  private void note(int times, long nanos) {
    for (int i = 0; i < times; i++) {
      pace.note("text", nanos);
    }
  }

  @Test
  void whatIsNotKnownIsNotShort() {
    assertThat(pace.isShort("text")).isFalse();
    pace.note("image", 100 * MICROS);
    assertThat(pace.isShort("text")).isFalse();
    assertThat(pace.isShort("image")).isTrue();
  }

  @Test
  void oneThatIsHeldUpChangesLittleAndSlowOnesSoonCount() {
    note(5, 100 * MICROS);
    pace.note("text", 60_000 * MILLIS);
    assertThat(pace.isShort("text")).isTrue();
    note(4, 20 * MILLIS);
    assertThat(pace.isShort("text")).isFalse();
    note(60, 100 * MICROS);
    assertThat(pace.isShort("text")).isTrue();
  }
}
