package dev.eddy.kafka.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.kafka.Await;
import dev.eddy.kafka.SharedBroker;
import dev.eddy.kafka.client.ClientPresets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicVerifierIT {
  private final ClientPresets presets = SharedBroker.freshCluster();
  private final TopicCatalogue catalogue = new TopicCatalogue(presets.cluster());
  private final TopicAdmin topics = new TopicAdmin(presets, catalogue);

  @BeforeEach
  void create() {
    topics.createFixedTopics(3);
    topics.createFixedTopics(5);
    topics.createLog("docs", 1, 2);
  }

  @AfterEach
  void close() {
    topics.close();
  }

  @Test
  void oneBrokerIsAWarningNotAnError() {
    assertThat(new TopicVerifier(topics).verify())
        .hasSize(2)
        .anyMatch(warning -> warning.contains("1 broker(s), not 3"))
        .anyMatch(warning -> warning.contains("min.insync.replicas is 1 for 2 topic(s)"));
  }

  @ParameterizedTest
  @CsvSource({
    "docs, cleanup.policy, compact, delete",
    "docs, retention.ms, 1000, -1",
    "docs, retention.bytes, 1000000, -1",
    "docs, unclean.leader.election.enable, true, false",
    "meta, cleanup.policy, 'compact,delete', compact",
    "meta, unclean.leader.election.enable, true, false"
  })
  void anUnsafeSettingIsRefusedInOneSentence(
      String which, String setting, String unsafe, String safe) throws Exception {
    String topic = which.equals("meta") ? catalogue.meta() : catalogue.log(which, 1);
    try (var admin = presets.admin("alter")) {
      var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
      var change = new AlterConfigOp(new ConfigEntry(setting, unsafe), AlterConfigOp.OpType.SET);
      admin.incrementalAlterConfigs(Map.of(resource, List.of(change))).all().get();
    }
    Await.until("the change is visible", () -> failure() != null);
    assertThat(failure())
        .hasMessage(
            "topic %s has %s=%s but must have %s=%s, otherwise acknowledged records can be lost"
                .formatted(topic, setting, unsafe, setting, safe));
  }

  private @Nullable UnsafeTopicException failure() {
    try {
      new TopicVerifier(topics).verify();
      return null;
    } catch (UnsafeTopicException e) {
      return e;
    }
  }

  @Test
  void topicsAreFoundByNameAndIdAndListedAsLogs() {
    UUID id = topics.describe(catalogue.log("docs", 1)).orElseThrow().id();
    assertThat(topics.listLogs()).containsExactly(Map.entry(catalogue.log("docs", 1), id));
    assertThat(topics.describe(id))
        .contains(new TopicDescription(id, catalogue.log("docs", 1), 2, 1));
    assertThat(topics.describe(UUID.randomUUID())).isEmpty();
    assertThat(topics.describe("nothing")).isEmpty();
    assertThat(topics.describe(catalogue.points()).orElseThrow().partitions()).isEqualTo(3);
    assertThat(topics.logBytes())
        .containsEntry(catalogue.log("docs", 1), 0L)
        .containsKey(catalogue.meta());
    assertThat(topics.endOffsets(catalogue.log("docs", 1))).containsExactly(0, 0);
  }

  @Test
  void creatingALogAgainFindsTheExistingOneAndOtherShardCountsAreRefused() {
    UUID id = topics.createLog("docs", 2, 2);
    assertThat(topics.createLog("docs", 2, 2)).isEqualTo(id);
    assertThatThrownBy(() -> topics.createLog("docs", 2, 3))
        .isInstanceOf(TopicException.class)
        .hasMessageContaining("exists with 2 partitions, expected 3");
  }

  @Test
  void aBrokerThatIsNotThereIsOneSentence() {
    try (TopicAdmin nowhere =
        new TopicAdmin(new ClientPresets("127.0.0.1:1", "none"), new TopicCatalogue("none"))) {
      assertThatThrownBy(() -> nowhere.awaitReachable(Duration.ofSeconds(1)))
          .isInstanceOf(BrokerUnreachableException.class)
          .hasMessage("no kafka broker answers at 127.0.0.1:1 within 1 s");
    }
  }
}
