package dev.eddy.query.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Positions as a header carries them. */
final class CoverageTest {
  private static String text(Map<Integer, Long> positions) {
    return new Coverage(new UUID(1, 2), 1, positions, positions.size(), positions.size())
        .positionsText();
  }

  @Test
  void fewAreToldWhole() {
    assertThat(text(Map.of())).isEmpty();
    assertThat(text(Map.of(1, 20L, 0, 17L))).isEqualTo("0=17,1=20");
  }

  @Test
  void manyAreToldAsFarAsTheyFit() {
    Map<Integer, Long> positions = new TreeMap<>();
    for (int shard = 0; shard < 1_024; shard++) {
      positions.put(shard, 1L << 40);
    }
    String text = text(positions);
    assertThat(text.length()).isBetween(3_900, Coverage.TEXT_LENGTH_MAX + 20);
    String[] told = text.split(",");
    for (int shard = 0; shard < told.length - 1; shard++) {
      assertThat(told[shard]).isEqualTo(shard + "=" + (1L << 40));
    }
    assertThat(told[told.length - 1]).isEqualTo("left_out=" + (1_024 - (told.length - 1)));
  }
}
