package dev.eddy.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.kafka.client.ClientPresets;
import dev.eddy.kafka.topic.TopicAdmin;
import dev.eddy.kafka.topic.TopicCatalogue;
import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.CollectionAdmin.AliasAction;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.MetaChange;
import dev.eddy.model.cluster.Placement.ReplicaState;
import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.testkit.Await;
import dev.eddy.testkit.EmbeddedBrokerExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(EmbeddedBrokerExtension.class)
class ControllerIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final ControllerSettings SETTINGS =
      new ControllerSettings(
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofMillis(100),
          Duration.ofMillis(300),
          16);
  private static final CollectionSpec SPEC =
      CollectionSpec.of(Map.of("", VectorParams.of(4, Distance.DOT))).distributed(2, 2);

  @Test
  void collectionsAndAliasesComeChangeAndGo(ClientPresets presets) {
    try (TestNode node = TestNode.start(presets, "n1", SETTINGS)) {
      node.admin().create("words", SPEC, TIMEOUT);

      Generation words = node.view.state().activeNamed("words").orElseThrow();
      assertThat(words.generation()).isEqualTo(1);
      assertThat(node.topics().endOffsets(words.topic())).containsExactly(1, 1);
      assertThat(node.view.state().placement(words.collectionId()).orElseThrow().reading(1))
          .hasSize(1);
      assertThatThrownBy(() -> node.admin().create("words", SPEC, TIMEOUT))
          .isInstanceOfSatisfying(
              EddyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_EXISTS))
          .hasMessage("Wrong input: Collection `words` already exists!");

      node.admin().update("words", change(3), TIMEOUT);
      assertThat(node.topics().endOffsets(words.topic())).containsExactly(2, 2);
      Await.until(
          "the change reached every partition",
          () -> !node.view.state().activeNamed("words").orElseThrow().configuring());
      assertThat(node.view.state().activeNamed("words").orElseThrow().spec().replicationFactor())
          .isEqualTo(3);

      changesAliases(node);

      assertThat(node.admin().delete("words", TIMEOUT)).isTrue();
      assertThat(node.admin().delete("words", TIMEOUT)).isFalse();
      assertThat(node.view.state().aliases()).isEmpty();
      Await.until(
          "the log is gone",
          () -> node.topics().describe(words.logTopicId().orElseThrow()).isEmpty());

      node.admin().create("words", SPEC, TIMEOUT);
      assertThat(node.view.state().activeNamed("words").orElseThrow().generation()).isEqualTo(2);
    }
  }

  private static void changesAliases(TestNode node) {
    node.admin().updateAliases(List.of(new AliasAction.Create("words", "w")), TIMEOUT);
    assertThat(node.view.state().resolve("w")).isPresent();
    assertThatThrownBy(() -> node.admin().create("w", SPEC, TIMEOUT))
        .isInstanceOf(EddyException.class)
        .hasMessage(
            "Wrong input: Can't create collection with name w. Alias with the same name already"
                + " exists");
    assertThatThrownBy(() ->
            node.admin()
                .updateAliases(
                    List.of(
                        new AliasAction.Rename("w", "v"), new AliasAction.Create("nothing", "u")),
                    TIMEOUT))
        .isInstanceOf(EddyException.class)
        .hasMessage("Not found: Collection `nothing` doesn't exist!");
    assertThat(node.view.state().aliases()).containsExactly(Map.entry("v", "words"));
  }

  private static CollectionChange change(int replicas) {
    return new CollectionChange(Map.of(), null, null, replicas, null, null, null, null, null, null);
  }

  @Test
  void anotherNodeForwardsAndTakesOverWhenTheControllerDies(ClientPresets presets) {
    TestNode first = TestNode.start(presets, "n1", SETTINGS);
    Await.until("n1 leads", first.host::isLeading);
    try (TestNode second = TestNode.start(presets, "n2", SETTINGS)) {
      assertThat(second.host.isLeading()).isFalse();
      second.admin().create("forwarded", SPEC, TIMEOUT);
      assertThat(second.view.state().activeNamed("forwarded")).isPresent();
      assertThatThrownBy(() -> second.admin().create("forwarded", SPEC, TIMEOUT))
          .isInstanceOfSatisfying(
              EddyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_EXISTS));

      first.vanish();
      second.admin().create("later", SPEC, TIMEOUT);

      assertThat(second.host.isLeading()).isTrue();
      ClusterState state = second.view.state();
      assertThat(state.currentLeader().orElseThrow().nodeId()).isEqualTo("n2");
      assertThat(state.names()).containsExactly("forwarded", "later");
    }
  }

  @Test
  void aChangeThatASuspendedControllerTookButNeverBeganIsCarriedOutByItsSuccessor(
      ClientPresets presets) throws Exception {
    TestNode first = TestNode.start(presets, "n1", SETTINGS);
    Await.until("n1 leads", first.host::isLeading);
    try (TestNode second = TestNode.start(presets, "n2", SETTINGS)) {
      first.holdChanges();
      FutureTask<Boolean> change = begin(() -> second.admin().create("held", SPEC, TIMEOUT));
      first.taken.await();
      assertThat(second.view.state().names()).isEmpty();
      first.suspend();

      assertThat(change.get()).isTrue();
      assertThat(second.host.isLeading()).isTrue();
      assertThat(second.view.state().activeNamed("held").orElseThrow().generation()).isEqualTo(1);
    } finally {
      first.vanish();
    }
  }

  @Test
  void aChangeThatASuspendedControllerCarriedOutIsAnsweredByItsSuccessor(ClientPresets presets)
      throws Exception {
    TestNode first = TestNode.start(presets, "n1", SETTINGS);
    Await.until("n1 leads", first.host::isLeading);
    try (TestNode second = TestNode.start(presets, "n2", SETTINGS)) {
      first.holdAnswers();
      FutureTask<Boolean> change = begin(() -> second.admin().create("held", SPEC, TIMEOUT));
      first.carriedOut.await();
      first.suspend();

      assertThat(change.get()).isTrue();
      assertThat(second.host.isLeading()).isTrue();
      assertThat(second.view.state().generations().get("held")).hasSize(1);
    } finally {
      first.vanish();
    }
  }

  private static FutureTask<Boolean> begin(Runnable change) {
    FutureTask<Boolean> begun = new FutureTask<>(change, true);
    Thread.ofVirtual().start(begun);
    return begun;
  }

  @Test
  void replicasArePlacedWhenNodesAppearAndLeaveTheReadSetWhenTheyFallSilent(ClientPresets presets) {
    try (TestNode first = TestNode.start(presets, "n1", SETTINGS)) {
      first.admin().create("words", SPEC, TIMEOUT);
      TestNode second = TestNode.start(presets, "n2", SETTINGS);
      Await.until("both nodes are read", () -> reading(first, "words") == 4);

      second.vanish();

      Await.until(
          "the silent node is not waited for",
          () -> awaited(first, "words") == 2 && reading(first, "words") == 2);
      try (TestNode back = TestNode.start(presets, "n2", SETTINGS)) {
        Await.until("it is read again", () -> reading(back, "words") == 4);
      }
    }
  }

  private static long reading(TestNode node, String name) {
    return count(node, name, List.of(ReplicaState.READING));
  }

  private static long awaited(TestNode node, String name) {
    return count(
        node, name, List.of(ReplicaState.READING, ReplicaState.JOINING, ReplicaState.LEAVING));
  }

  private static long count(TestNode node, String name, List<ReplicaState> states) {
    ClusterState state = node.view.state();
    return state
        .placement(state.activeNamed(name).orElseThrow().collectionId())
        .orElseThrow()
        .shards()
        .stream()
        .flatMap(List::stream)
        .filter(replica -> states.contains(replica.state()))
        .count();
  }

  @Test
  void aSessionThatTheBrokerRefusesIsReplacedByOneThatEveryBrokerAccepts(ClientPresets presets) {
    ControllerSettings impatient =
        new ControllerSettings(
            Duration.ofMillis(700),
            SETTINGS.maxLag(),
            SETTINGS.tick(),
            SETTINGS.sweep(),
            SETTINGS.queuedMax());
    try (TestNode node = TestNode.start(presets, "n1", impatient)) {
      Await.until("it leads", node.host::isLeading);
    }
  }

  @Test
  void aTopicThatNoRecordNamesIsCollected(ClientPresets presets) {
    try (TestNode node = TestNode.start(presets, "n1", SETTINGS)) {
      node.admin().create("words", SPEC, TIMEOUT);
      node.topics().createLog("stray", 7, 1);

      Await.until("the stray log is gone", () -> node.topics().listLogs().size() == 1);

      assertThat(node.topics().listLogs().values())
          .containsExactly(node.view.state().activeNamed("words").orElseThrow().topicId());
    }
  }

  @Test
  void aFencedControllerDecidesNothing(ClientPresets presets) {
    TopicCatalogue catalogue = new TopicCatalogue(presets.cluster());
    try (TopicAdmin topics = new TopicAdmin(presets, catalogue)) {
      topics.createFixedTopics(1);
      KafkaDecisionLog old = KafkaDecisionLog.open(presets, catalogue);
      old.write(List.of(new MetaChange.AliasSet("a", "old")));
      try (KafkaDecisionLog next = KafkaDecisionLog.open(presets, catalogue)) {
        next.write(List.of(new MetaChange.AliasSet("a", "next")));
        assertThatThrownBy(() -> old.write(List.of(new MetaChange.AliasSet("a", "zombie"))))
            .isInstanceOf(DeposedException.class);
      }
      old.close();
      try (var view = dev.eddy.kafka.meta.KafkaClusterView.start(presets, catalogue, TIMEOUT)) {
        assertThat(view.state().aliases()).containsExactly(Map.entry("a", "next"));
      }
    }
  }
}
