package dev.eddy.kafka.meta;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.kafka.Await;
import dev.eddy.kafka.SharedBroker;
import dev.eddy.kafka.client.ClientPresets;
import dev.eddy.kafka.topic.TopicAdmin;
import dev.eddy.kafka.topic.TopicCatalogue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetaLogIT {
  private final ClientPresets presets = SharedBroker.freshCluster();
  private final TopicCatalogue catalogue = new TopicCatalogue(presets.cluster());
  private final TopicAdmin topics = new TopicAdmin(presets, catalogue);
  private final AtomicLong nanos = new AtomicLong();
  private final Recorder recorder = new Recorder();
  private MetaLogReader reader;

  @BeforeEach
  void start() {
    topics.createFixedTopics(1);
    reader = MetaLogReader.start(presets, catalogue.meta(), recorder, nanos::get);
  }

  @AfterEach
  void close() {
    reader.close();
    topics.close();
  }

  private MetaLogWriter open() {
    return MetaLogWriter.open(presets, catalogue.meta(), catalogue.controllerTransactionalId());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
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
      assertThat(reader.readToEnd().get()).isGreaterThan(both.getLast());
      assertThat(recorder.lines())
          .containsExactly(
              first + " a=1",
              second + " a=null",
              both.getFirst() + " b=2",
              both.getLast() + " c=3");
    }
  }

  @Test
  void anEmptyTopicIsReadToItsEnd() throws Exception {
    assertThat(reader.age()).isEmpty();
    assertThat(reader.readToEnd().get()).isZero();
    assertThat(reader.age()).isPresent();
  }

  @Test
  void theOlderWriterIsFencedAndItsOpenTransactionAborted() throws Exception {
    var old =
        presets.transactionalProducer(
            "old", catalogue.controllerTransactionalId(), Duration.ofSeconds(60));
    old.initTransactions();
    old.beginTransaction();
    old.send(new ProducerRecord<>(catalogue.meta(), 0, bytes("k"), bytes("never"))).get();
    CompletableFuture<Long> waitsForTheOpenTransaction = reader.readToEnd();
    try (MetaLogWriter writer = open()) {
      writer.write(bytes("k"), bytes("new"));
      waitsForTheOpenTransaction.get();
      reader.readToEnd().get();
      assertThat(recorder.lines()).hasSize(1).first().asString().endsWith("k=new");
      try (MetaLogWriter newer = open()) {
        assertThatThrownBy(() -> writer.write(bytes("k"), bytes("zombie")))
            .isInstanceOf(FencedException.class);
        assertThatThrownBy(() -> writer.write(bytes("k"), bytes("zombie")))
            .isInstanceOf(FencedException.class);
        newer.write(bytes("k"), bytes("newest"));
      }
    }
    reader.readToEnd().get();
    assertThat(recorder.lines()).hasSize(2).last().asString().endsWith("k=newest");
    old.close(Duration.ZERO);
  }

  @Test
  void aFreshReadIsSharedAndAnOldOneRepeated() throws Exception {
    reader.ensureFresh(Duration.ofSeconds(2)).get();
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    assertThat(reader.ensureFresh(Duration.ofSeconds(2))).isDone();
    assertThat(reader.age()).contains(Duration.ofSeconds(2));
    nanos.incrementAndGet();
    CompletableFuture<Long> repeated = reader.ensureFresh(Duration.ofSeconds(2));
    repeated.get();
    assertThat(reader.age()).contains(Duration.ZERO);
  }

  @Test
  void aClosedReaderFailsThoseWhoWait() {
    CompletableFuture<Long> waiting = reader.await(1_000);
    reader.close();
    assertThatThrownBy(waiting::get).hasMessageContaining("closed");
  }

  @Test
  void reportsComeEverySecondAndAtOnceOnChange() throws Exception {
    AtomicInteger made = new AtomicInteger();
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    try (NodeReportWriter writer =
            NodeReportWriter.start(
                presets,
                catalogue.nodes(),
                bytes("n1"),
                () -> bytes("r" + made.incrementAndGet()));
        NodeReportReader reports =
            NodeReportReader.start(
                presets,
                catalogue.nodes(),
                InstantSource.system(),
                entry ->
                    seen.add(
                        new String(entry.key(), UTF_8) + "=" + new String(entry.value(), UTF_8)))) {
      reports.caughtUp().get();
      Await.until("the first without a change", () -> seen.contains("n1=r2"));
      int before = made.get();
      writer.changed();
      Await.until("another", () -> made.get() > before);
      Await.until("read", () -> seen.contains("n1=r" + (before + 1)));
    }
  }

  private static final class Recorder implements MetaConsumer {
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void accept(MetaEntry entry) {
      byte[] value = entry.value();
      lines.add(
          entry.offset()
              + " "
              + new String(entry.key(), UTF_8)
              + "="
              + (value == null ? "null" : new String(value, UTF_8)));
    }

    @Override
    public void lost(String reason) {
      lines.add("lost: " + reason);
    }

    List<String> lines() {
      return List.copyOf(lines);
    }
  }
}
