package dev.eddy.ingest.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.ingest.IngestNode;
import dev.eddy.ingest.deadletter.DeadLetter;
import dev.eddy.ingest.envelope.EnvelopeReader;
import dev.eddy.kafka.client.ClientPresets;
import dev.eddy.kafka.topic.TopicAdmin;
import dev.eddy.kafka.topic.TopicCatalogue;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.point.PointId;
import dev.eddy.model.shard.MemoryUse;
import dev.eddy.model.update.Origin;
import dev.eddy.model.update.Update;
import dev.eddy.model.update.Update.InboxChange;
import dev.eddy.proto.log.LogRecordCodec;
import dev.eddy.testkit.Await;
import dev.eddy.testkit.TestBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pipeline between a real inbox and real logs; only the metadata is the test's own. */
class InboxPipelineIT {
  private ClientPresets presets;
  private TopicCatalogue topics;
  private TopicAdmin admin;
  private TestCluster cluster;
  private Producer<byte[], byte[]> producer;

  @BeforeEach
  void open() {
    presets = TestBroker.shared().freshCluster();
    topics = new TopicCatalogue(presets.cluster());
    admin = new TopicAdmin(presets, topics);
    admin.createFixedTopics(1);
    cluster = new TestCluster(admin.describe(topics.points()).orElseThrow().id());
    // A topic that was made this moment may be unknown for longer than the product waits.
    Map<String, Object> settings = new HashMap<>(presets.producerSettings("test"));
    settings.put("max.block.ms", 60_000);
    settings.put("request.timeout.ms", 60_000);
    settings.put("delivery.timeout.ms", 120_000);
    producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @AfterEach
  void close() {
    producer.close(Duration.ofSeconds(5));
    admin.close();
  }

  private IngestNode start() {
    return IngestNode.start(presets, topics, admin, cluster, "node", InboxSettings.DEFAULT);
  }

  private Generation collection(String name, int generation, long createdAt) {
    UUID topicId = admin.createLog(name, generation, 1);
    return cluster.put(
        name,
        generation,
        Generation.State.ACTIVE,
        topics.log(name, generation),
        topicId,
        List.of(createdAt),
        null);
  }

  private long produce(String value) throws Exception {
    return producer
        .send(new ProducerRecord<>(topics.points(), 0, null, value.getBytes(UTF_8)))
        .get()
        .offset();
  }

  private static String point(String collection, long id) {
    return "{\"collection_name\":\"%s\",\"id\":%d,\"vector\":[1,2]}".formatted(collection, id);
  }

  private List<ConsumerRecord<byte[], byte[]>> all(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    TopicPartition partition = new TopicPartition(topic, 0);
    try (Consumer<byte[], byte[]> consumer =
        presets.tailingConsumer("read-back", Duration.ofMillis(20))) {
      consumer.assign(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      consumer.seekToBeginning(List.of(partition));
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofMillis(50)).forEach(records::add);
      }
    }
    return records;
  }

  /** What a shard would have applied: the chain's rule over the log, per inbox offset. */
  private Map<Long, PointId> applied(Generation generation) {
    Map<Long, PointId> applied = new TreeMap<>();
    long last = Origin.NONE;
    for (ConsumerRecord<byte[], byte[]> record : all(generation.topic())) {
      if (LogRecordCodec.decode(record.value()) instanceof Update.FromInbox bundle) {
        for (InboxChange change : bundle.changes()) {
          if (change.origin().before() <= last && last < change.origin().offset()) {
            last = change.origin().offset();
            applied.put(last, change.id());
          }
        }
      }
    }
    return applied;
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  @Test
  void everyRecordIsAppliedOnceOrDeadOnceAlsoOverARestart() throws Exception {
    Generation generation = collection("c", 1, 0);
    Map<Long, PointId> expected = new TreeMap<>();
    List<Long> dead = new ArrayList<>();
    try (IngestNode node = start()) {
      for (int id = 0; id < 200; id++) {
        expected.put(produce(point("c", id)), PointId.of(id));
        if (id % 20 == 0) {
          dead.add(produce("no json " + id));
        }
      }
      Await.until("half is taken", () -> node.counters().accepted() >= 100);
    }
    dead.add(produce(point("unknown", 1)));
    try (IngestNode node = start()) {
      expected.put(produce(point("c", 1_000)), PointId.of(1_000));
      Await.until(
          "all is delivered",
          () -> node.report().positions().equals(List.of((long) expected.size() + dead.size())));
    }
    assertThat(applied(generation)).isEqualTo(expected);
    List<ConsumerRecord<byte[], byte[]>> letters = all(topics.deadLetters());
    assertThat(letters)
        .extracting(letter -> Long.parseLong(header(letter, DeadLetter.SOURCE_OFFSET)))
        .containsExactlyElementsOf(dead);
    ConsumerRecord<byte[], byte[]> first = letters.getFirst();
    assertThat(new String(first.value(), UTF_8)).isEqualTo("no json 0");
    assertThat(header(first, DeadLetter.ERROR_CODE)).isEqualTo("NOT_JSON");
    assertThat(header(letters.getLast(), DeadLetter.ERROR_CODE)).isEqualTo("UNKNOWN_COLLECTION");
  }

  @Test
  void aRepeatFromTheStartWritesNoLetterTwiceAndChangesNothing() throws Exception {
    Generation generation = collection("c", 1, 0);
    Map<Long, PointId> expected = new TreeMap<>();
    for (int id = 0; id < 20; id++) {
      expected.put(produce(point("c", id)), PointId.of(id));
      produce("bad " + id);
    }
    try (IngestNode node = start()) {
      Await.until("all is delivered", () -> node.report().positions().equals(List.of(40L)));
    }
    forgetCommits();
    try (IngestNode node = start()) {
      Await.until("all is delivered again", () -> node.report().positions().equals(List.of(40L)));
    }
    assertThat(all(topics.deadLetters())).hasSize(20);
    assertThat(applied(generation)).isEqualTo(expected);
    long sent =
        all(generation.topic()).stream()
            .map(record -> (Update.FromInbox) LogRecordCodec.decode(record.value()))
            .mapToLong(bundle -> bundle.changes().size())
            .sum();
    assertThat(sent).as("the repeat did reach the log").isEqualTo(40);
  }

  private void forgetCommits() throws Exception {
    try (var kafka = presets.admin("test")) {
      Await.until(
          "the group's offsets are gone",
          () -> {
            try {
              kafka
                  .alterConsumerGroupOffsets(
                      topics.cluster() + "-ingest",
                      Map.of(
                          new TopicPartition(topics.points(), 0),
                          new org.apache.kafka.clients.consumer.OffsetAndMetadata(0)))
                  .all()
                  .get();
              return true;
            } catch (java.util.concurrent.ExecutionException e) {
              // The static member of the closed node is still in the group until its session ends.
              return false;
            }
          });
    }
  }

  @Test
  void aDroppedGenerationSwallowsItsRecordsAndHoldsUpNobody() throws Exception {
    Generation doomed = collection("doomed", 1, 0);
    Generation other = collection("other", 1, 0);
    try (IngestNode node = start()) {
      produce(point("doomed", 1));
      Await.until("the first is there", () -> applied(doomed).size() == 1);
      admin.delete(doomed.logTopicId().orElseThrow());
      long dropEnd = produce(point("doomed", 2)) + 1;
      cluster.put(
          "doomed",
          1,
          Generation.State.DROPPED,
          doomed.topic(),
          doomed.topicId(),
          List.of(0L),
          List.of(dropEnd));
      long late = produce(point("doomed", 3));
      produce(point("other", 4));
      Await.until("the other collection flows", () -> applied(other).size() == 1);
      Await.until("all is delivered", () -> node.report().positions().equals(List.of(late + 2)));
      assertThat(node.counters().discarded()).isEqualTo(1);
      assertThat(all(topics.deadLetters()))
          .extracting(letter -> header(letter, DeadLetter.SOURCE_OFFSET))
          .isEqualTo(Collections.singletonList(Long.toString(late)));
    }
  }

  @Test
  void aBatchThatTheLogRefusesForAWhileInTheMidstOfTheStreamLosesNothing() throws Exception {
    Generation generation = collection("c", 1, 0);
    Map<Long, PointId> expected = new TreeMap<>();
    List<Long> dead = new ArrayList<>();
    try (IngestNode node = start()) {
      for (int id = 0; id < 50; id++) {
        expected.put(produce(point("c", id)), PointId.of(id));
      }
      Await.until("the stream flows", () -> applied(generation).size() == 50);
      limitRecords(generation, 4_096);
      for (int id = 50; id < 150; id++) {
        // One that is too large for the moment; what follows it is not.
        String value = id == 70 ? large("c", id) : point("c", id);
        expected.put(produce(value), PointId.of(id));
        if (id % 25 == 0) {
          dead.add(produce("no json " + id));
        }
      }
      Await.until(
          "the log refused a batch again and again", () -> node.counters().repositioned() >= 2);
      assertThat(applied(generation).values()).doesNotContain(PointId.of(70), PointId.of(149));
      limitRecords(generation, 16 << 20);
      for (int id = 150; id < 200; id++) {
        expected.put(produce(point("c", id)), PointId.of(id));
      }
      Await.until(
          "all is delivered",
          () -> node.report().positions().equals(List.of((long) expected.size() + dead.size())));
      assertThat(node.counters().declaredLosses()).isZero();
    }
    assertThat(applied(generation)).isEqualTo(expected);
    assertThat(all(topics.deadLetters()))
        .extracting(letter -> Long.parseLong(header(letter, DeadLetter.SOURCE_OFFSET)))
        .containsExactlyElementsOf(dead);
  }

  /** The reason quotes the name: together they would be more than the topic of letters takes. */
  @Test
  void aRecordAsLargeAsItCanBeBecomesALetterAndHoldsNobodyUp() throws Exception {
    Generation generation = collection("c", 1, 0);
    try (IngestNode node = start()) {
      long dead = produce(point("y".repeat(7 << 20), 1));
      long after = produce(point("c", 2));
      Await.until("both are delivered", () -> node.report().positions().equals(List.of(2L)));
      assertThat(applied(generation)).containsOnlyKeys(after);
      assertThat(all(topics.deadLetters()))
          .extracting(letter -> Long.parseLong(header(letter, DeadLetter.SOURCE_OFFSET)))
          .containsExactly(dead);
    }
  }

  private void limitRecords(Generation generation, int bytes) throws Exception {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, generation.topic());
    AlterConfigOp limit =
        new AlterConfigOp(
            new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(bytes)),
            AlterConfigOp.OpType.SET);
    try (var kafka = presets.admin("test")) {
      kafka.incrementalAlterConfigs(Map.of(topic, List.of(limit))).all().get();
    }
  }

  /** Of 40 kB that no compression makes fit into 4 KiB. */
  private static String large(String collection, long id) {
    byte[] noise = new byte[20_000];
    new Random(id).nextBytes(noise);
    return "{\"collection_name\":\"%s\",\"id\":%d,\"vector\":[1,2],\"payload\":{\"noise\":\"%s\"}}"
        .formatted(collection, id, HexFormat.of().formatHex(noise));
  }

  @Test
  void recordsOfACollectionInTheMakingWaitForIt() throws Exception {
    Generation other = collection("other", 1, 0);
    cluster.put("new", 1, Generation.State.CREATING, topics.log("new", 1), null, List.of(0L), null);
    try (IngestNode node = start()) {
      produce(point("new", 1));
      produce(point("other", 2));
      Await.until("the other collection flows", () -> applied(other).size() == 1);
      assertThat(node.report().positions()).isNotEqualTo(List.of(2L));
      Generation created = collection("new", 1, 0);
      Await.until("what waited arrives", () -> applied(created).size() == 1);
      Await.until("all is delivered", () -> node.report().positions().equals(List.of(2L)));
    }
  }

  @Test
  void whatIsForAFullNodeWaitsInItsOrderAndHoldsUpNoOther() throws Exception {
    Generation held = collection("held", 1, 0);
    Generation free = collection("free", 1, 0);
    cluster.place(held, "full-node");
    cluster.place(free, "other-node");
    cluster.reports(List.of(hosting("full-node", true), hosting("other-node", false)));
    long upserted = produce(point("held", 1));
    long first = produce(point("free", 1));
    long deleted = delete("held", 1);
    long upsertedAgain = produce(point("held", 1));
    try (IngestNode node = start()) {
      Await.until("the other's record is there", () -> applied(free).containsKey(first));
      assertThat(applied(held)).isEmpty();
      assertThat(node.report().positions()).doesNotContain(upsertedAgain + 1);
      cluster.reports(List.of(hosting("full-node", false), hosting("other-node", false)));
      Await.until("what waited is there", () -> applied(held).containsKey(upsertedAgain));
      assertThat(applied(held).keySet()).containsExactly(upserted, deleted, upsertedAgain);
      assertThat(applied(free).keySet()).containsExactly(first);
    }
  }

  private long delete(String collection, long id) throws Exception {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topics.points(), 0, Long.toString(id).getBytes(UTF_8), null);
    record.headers().add(EnvelopeReader.COLLECTION_HEADER, collection.getBytes(UTF_8));
    return producer.send(record).get().offset();
  }

  private static NodeReport hosting(String nodeId, boolean isFull) {
    return new NodeReport(
        nodeId,
        1,
        Set.of(NodeReport.Role.INDEX),
        null,
        null,
        0,
        List.of(),
        null,
        null,
        new NodeReport.MemoryReport(1, 1, 1, isFull, MemoryUse.NONE));
  }

  @Test
  void recordsOfADropInTheMakingWaitForItsEndAndBecomeLettersInOrder() throws Exception {
    Generation doomed = collection("doomed", 1, 0);
    Generation other = collection("other", 1, 0);
    try (IngestNode node = start()) {
      produce(point("doomed", 1));
      Await.until("the first is there", () -> applied(doomed).size() == 1);
      dropped(doomed, null);
      long below = produce(point("doomed", 2));
      long above = produce(point("doomed", 3));
      long bad = produce("no json");
      produce(point("other", 4));
      Await.until("the other collection flows", () -> applied(other).size() == 1);
      Await.until(
          "the first counts as delivered", () -> node.report().positions().equals(List.of(below)));
      assertThat(all(topics.deadLetters())).as("behind what is undecided").isEmpty();
      dropped(doomed, List.of(above));
      Await.until("all is delivered", () -> node.report().positions().equals(List.of(bad + 2)));
      assertThat(node.counters().discarded()).isEqualTo(1);
      assertThat(all(topics.deadLetters()))
          .extracting(letter -> Long.parseLong(header(letter, DeadLetter.SOURCE_OFFSET)))
          .containsExactly(above, bad);
    }
  }

  private void dropped(Generation generation, @Nullable List<Long> end) {
    cluster.put(
        generation.name(),
        generation.generation(),
        Generation.State.DROPPED,
        generation.topic(),
        generation.topicId(),
        List.of(0L),
        end);
  }
}
