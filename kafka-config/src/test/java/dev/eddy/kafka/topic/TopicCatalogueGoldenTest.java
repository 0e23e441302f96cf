package dev.eddy.kafka.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TopicCatalogueGoldenTest {
  private static final String GOLDEN = "/golden/topic-names-v1/names.txt";
  private static final List<String> COLLECTIONS =
      List.of(
          "docs",
          "Docs_2-b",
          "a.b",
          "a_b",
          "a-b",
          "größe",
          "日本語",
          "with space",
          "\uD83D\uDE00",
          "...",
          "a".repeat(180),
          "a".repeat(181),
          "b".repeat(255),
          "looks-x0123456789abcdef0123456789abcdef");

  private final TopicCatalogue catalogue = new TopicCatalogue("eddy");

  @Test
  void namesAreThoseThatExistingClustersHave() throws IOException {
    List<String> names = new ArrayList<>();
    catalogue.fixedSpecs(4).forEach(spec -> names.add(spec.name() + " " + spec.partitions()));
    COLLECTIONS.forEach(collection -> names.add(catalogue.log(collection, 7)));
    try (InputStream golden = TopicCatalogueGoldenTest.class.getResourceAsStream(GOLDEN)) {
      assertThat(golden).as(GOLDEN + ", computed:\n" + String.join("\n", names)).isNotNull();
      assertThat(names).isEqualTo(new String(golden.readAllBytes(), UTF_8).lines().toList());
    }
  }

  @Test
  void noTwoCollectionsShareATopicNorTwoThatKafkaTakesForTheSame() {
    Map<String, String> seen = new HashMap<>();
    for (String collection : COLLECTIONS) {
      String topic = catalogue.log(collection, 1);
      assertThat(topic).hasSizeLessThanOrEqualTo(249).matches("[a-zA-Z0-9._-]+");
      assertThat(seen.put(topic.replace('.', '_'), collection)).as(collection).isNull();
    }
  }

  @Test
  void aLogNameIsTakenApartAndOthersAreNot() {
    assertThat(catalogue.parseLog("eddy.docs.g12.log"))
        .isEqualTo(Optional.of(new LogTopicName("docs", 12)));
    for (String other :
        List.of(
            "eddy.points",
            "eddy.meta",
            "other.docs.g1.log",
            "eddy.docs.g0.log",
            "eddy.docs.g01.log",
            "eddy.docs.g9999999999.log")) {
      assertThat(catalogue.parseLog(other)).as(other).isEmpty();
    }
  }

  @Test
  void aClusterNameThatCouldCollideIsRefused() {
    for (String bad : List.of("", "a_b", "a.b", "A", "x".repeat(33))) {
      assertThatThrownBy(() -> new TopicCatalogue(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("\"" + bad + "\"");
    }
  }
}
