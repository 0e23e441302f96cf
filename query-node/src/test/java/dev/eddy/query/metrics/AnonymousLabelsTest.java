package dev.eddy.query.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AnonymousLabelsTest {
  private static final UUID ID = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");

  @Test
  void idsStandForNames() {
    String name = "a\"b\\c";
    String text =
        """
        collection_points{id="a\\"b\\\\c"} 4.0
        lag{collection="a\\"b\\\\c",node="words"} 1.0
        lag{collection="dropped",node="n"} 1.0
        total{endpoint="/x",collection=""} 3.0
        """;
    assertThat(AnonymousLabels.in(text, Map.of(ID, name)))
        .doesNotContain("a\\\"b")
        .doesNotContain("dropped")
        .contains(
            "collection_points{id=\"" + ID + "\"} 4.0",
            "lag{collection=\"" + ID + "\",node=\"words\"} 1.0",
            "lag{collection=\"gone\",node=\"n\"} 1.0",
            "collection=\"\"} 3.0");
  }
}
