package dev.eddy.model.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonLong;
import dev.eddy.model.json.JsonValue.JsonString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FacetHitTest {
  @Test
  void theMostFrequentComeFirstThenTheSmallest() {
    List<FacetHit> hits =
        sorted(
            List.of(
                new FacetHit(new JsonLong(-1), 1),
                new FacetHit(new JsonLong(7), 2),
                new FacetHit(new JsonLong(-9), 1)));
    assertThat(hits)
        .extracting(FacetHit::value)
        .containsExactly(new JsonLong(7), new JsonLong(-9), new JsonLong(-1));
  }

  @Test
  void textsAreInTheOrderOfTheirBytes() {
    List<FacetHit> hits =
        Stream.of(
                "",
                "a",
                "aa",
                "b",
                "\uFFFD",
                "\uE000",
                "\uD83D\uDE00",
                "\uD83D\uDE01",
                "a\uD83D\uDE00",
                "a\uFFFD")
            .map(text -> new FacetHit(new JsonString(text), 1))
            .toList();
    assertThat(sorted(hits))
        .isEqualTo(
            hits.stream()
                .sorted((a, b) -> Arrays.compareUnsigned(utf8(a.value()), utf8(b.value())))
                .toList());
  }

  private static byte[] utf8(JsonValue value) {
    return ((JsonString) value).value().getBytes(StandardCharsets.UTF_8);
  }

  private static List<FacetHit> sorted(List<FacetHit> hits) {
    List<FacetHit> shuffled = new ArrayList<>(hits);
    Collections.shuffle(shuffled, new Random(3));
    shuffled.sort(FacetHit.MOST_FIRST);
    return shuffled;
  }
}
