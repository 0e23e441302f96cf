package dev.eddy.kafka.meta;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.kafka.Await;
import dev.eddy.kafka.SharedBroker;
import dev.eddy.kafka.client.ClientPresets;
import dev.eddy.kafka.client.EndOffsets;
import dev.eddy.kafka.topic.TopicAdmin;
import dev.eddy.kafka.topic.TopicCatalogue;
import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.NodeReport.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The metadata topic and the nodes' reports between real writers and readers. */
class MetaLogIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ClientPresets presets = SharedBroker.freshCluster();
  private final TopicCatalogue catalogue = new TopicCatalogue(presets.cluster());
  private final TopicAdmin topics = new TopicAdmin(presets, catalogue);
  private final EndOffsets ends = new EndOffsets(presets, "test");
  private ConsumerFeed feed;

  @BeforeEach
  void start() {
    topics.createFixedTopics(1);
    feed = new ConsumerFeed(presets, catalogue.meta(), ends);
  }

  @AfterEach
  void close() {
    feed.close();
    ends.close();
    topics.close();
  }

  private MetaLogWriter open() {
    return MetaLogWriter.open(presets, catalogue.meta(), catalogue.controllerTransactionalId());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  /** What is new up to the end as it is now, as {@code offset key=value}. */
  private List<String> read() throws Exception {
    long end = feed.end().get();
    List<String> lines = new ArrayList<>();
    Await.until(
        "the end is reached",
        () -> {
          for (TopicFeed.Entry entry : feed.poll(Duration.ofMillis(50))) {
            byte[] value = entry.value();
            lines.add(
                "%d %s=%s"
                    .formatted(
                        entry.offset(),
                        new String(entry.key(), UTF_8),
                        value == null ? "null" : new String(value, UTF_8)));
          }
          return feed.position() >= end;
        });
    return lines;
  }

  @Test
  void whatWasWrittenIsReadWithItsOffsetAndARemovedKeyAsNull() throws Exception {
    try (MetaLogWriter writer = open()) {
      long first = writer.write(bytes("a"), bytes("1"));
      long second = writer.write(bytes("a"), null);
      List<Long> both =
          writer.write(
              List.of(
                  new MetaWrite(bytes("b"), bytes("2")), new MetaWrite(bytes("c"), bytes("3"))));
      List<String> expected =
          List.of(
              first + " a=1",
              second + " a=null",
              both.getFirst() + " b=2",
              both.getLast() + " c=3");
      assertThat(read()).isEqualTo(expected);
      assertThat(feed.position()).isGreaterThan(both.getLast());
      feed.rewind();
      assertThat(read()).isEqualTo(expected);
    }
  }

  @Test
  void theOlderWriterIsFencedAndItsOpenTransactionAborted() throws Exception {
    var old =
        presets.transactionalProducer(
            "old", catalogue.controllerTransactionalId(), Duration.ofSeconds(60));
    old.initTransactions();
    old.beginTransaction();
    long open =
        old.send(new ProducerRecord<>(catalogue.meta(), 0, bytes("k"), bytes("never")))
            .get()
            .offset();
    assertThat(feed.end().get()).as("what is open lies below the end").isGreaterThan(open);
    assertThat(feed.poll(Duration.ofMillis(50))).isEmpty();
    assertThat(feed.position()).as("and is not passed").isLessThanOrEqualTo(open);
    try (MetaLogWriter writer = open()) {
      writer.write(bytes("k"), bytes("new"));
      assertThat(read()).singleElement().asString().endsWith("k=new");
      try (MetaLogWriter newer = open()) {
        assertThatThrownBy(() -> writer.write(bytes("k"), bytes("zombie")))
            .isInstanceOf(FencedException.class);
        assertThatThrownBy(() -> writer.write(bytes("k"), bytes("zombie")))
            .isInstanceOf(FencedException.class);
        newer.write(bytes("k"), bytes("newest"));
      }
    }
    assertThat(read()).singleElement().asString().endsWith("k=newest");
    old.close(Duration.ZERO);
  }

  @Test
  void anEmptyTopicIsReadToItsEnd() {
    try (KafkaClusterView view = KafkaClusterView.start(presets, catalogue, PATIENCE)) {
      assertThat(view.readToEnd(PATIENCE)).isEqualTo(ClusterState.EMPTY);
    }
  }

  @Test
  void reportsComeByThemselvesAndAtOnceOnChange() throws Exception {
    AtomicLong made = new AtomicLong();
    try (KafkaClusterView view = KafkaClusterView.start(presets, catalogue, PATIENCE);
        NodeReporter reporter =
            NodeReporter.start(
                presets, catalogue, view, () -> report(made.incrementAndGet()), () -> {})) {
      assertThat(reporter.awaitFirst(PATIENCE)).isTrue();
      long first = made.get();
      Await.until("one without a change", () -> seen(view) > first + 1);
      long before = made.get();
      reporter.changed();
      Await.until("one after the change", () -> seen(view) > before);
    }
  }

  /** Which report of the node was read last; 0 = none. */
  private static long seen(KafkaClusterView view) {
    return view.liveNodes().stream().mapToLong(NodeReport::metaPosition).max().orElse(0);
  }

  private static NodeReport report(long number) {
    return new NodeReport("n1", 1, Set.of(Role.QUERY), null, null, number, List.of(), null);
  }
}
