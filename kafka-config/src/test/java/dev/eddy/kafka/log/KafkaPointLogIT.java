package dev.eddy.kafka.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.kafka.Await;
import dev.eddy.kafka.SharedBroker;
import dev.eddy.kafka.client.ClientPresets;
import dev.eddy.kafka.topic.TopicAdmin;
import dev.eddy.kafka.topic.TopicCatalogue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KafkaPointLogIT {
  private final ClientPresets presets = SharedBroker.freshCluster();
  private final TopicCatalogue catalogue = new TopicCatalogue(presets.cluster());
  private final TopicAdmin topics = new TopicAdmin(presets, catalogue);
  private final PointLogWriter writer = new KafkaPointLogWriter(presets, WriterSettings.DEFAULT);
  private final PointLogTailer tailer = new KafkaPointLogTailer(presets, TailerSettings.of("test"));

  @AfterEach
  void close() {
    tailer.close();
    writer.close();
    topics.close();
  }

  private LogPartition newLog(String collection, int shardCount) {
    UUID id = topics.createLog(collection, 1, shardCount);
    return new LogPartition(id, catalogue.log(collection, 1), 0);
  }

  @Test
  void controlRecordsAndAbortedTransactionsMoveThePositionWithoutRecords() throws Exception {
    LogPartition log = newLog("gaps", 1);
    RecordingSink sink = new RecordingSink();
    tailer.assign(log, 0, -1, sink);
    try (var producer =
        presets.transactionalProducer("test", presets.cluster() + "-tx", Duration.ofSeconds(10))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(log.topic(), 0, null, "aborted".getBytes(UTF_8))).get();
      producer.abortTransaction();
      Await.until("aborted record and its marker passed", () -> sink.position() == 2);
      assertThat(sink.records()).isEmpty();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(log.topic(), 0, null, "committed".getBytes(UTF_8))).get();
      producer.commitTransaction();
    }
    Await.until("commit marker passed", () -> sink.position() == 4);
    assertThat(sink.records()).extracting(LogRecord::offset).containsExactly(2L);
    assertThat(tailer.endOffset(log).get()).isEqualTo(4);
  }

  @Test
  void aPositionBelowTheTrimmedStartIsReportedAndNeverReset() throws Exception {
    LogPartition log = newLog("trimmed", 1);
    for (int i = 0; i < 5; i++) {
      writer.append(log, new byte[] {(byte) i}).get();
    }
    try (var admin = presets.admin("trim")) {
      admin
          .deleteRecords(
              Map.of(new TopicPartition(log.topic(), 0), RecordsToDelete.beforeOffset(3)))
          .all()
          .get();
    }
    RecordingSink sink = new RecordingSink();
    tailer.assign(log, 1, -1, sink);
    Await.until("out of range reported", () -> !sink.events().isEmpty());
    assertThat(sink.events()).containsExactly("out of range at 1");
    assertThat(sink.records()).isEmpty();
    RecordingSink next = new RecordingSink();
    tailer.assign(log, 3, -1, next);
    Await.until("rest read", () -> next.position() == 5);
  }

  @Test
  void aDroppedLogFailsAppendsAsGoneAndDisturbsNoOtherLog() throws Exception {
    LogPartition dropped = newLog("dropped", 1);
    LogPartition other = newLog("other", 1);
    RecordingSink sink = new RecordingSink();
    tailer.assign(dropped, 0, -1, sink);
    writer.append(dropped, new byte[1]).get();
    writer.append(other, new byte[1]).get();
    assertThat(topics.delete(dropped.topicId())).isTrue();
    assertThat(topics.delete(dropped.topicId())).isFalse();
    CompletableFuture<Long> lost = writer.append(dropped, new byte[1]);
    for (int i = 0; i < 20; i++) {
      writer.append(other, new byte[1]).get();
    }
    assertThatThrownBy(lost::get).hasCauseInstanceOf(TopicGoneException.class);
    assertThatThrownBy(() -> writer.append(dropped, new byte[1]).get())
        .hasCauseInstanceOf(TopicGoneException.class);
    Await.until("tailer reports it", () -> sink.events().equals(List.of("gone")));
  }

  @Test
  void aTopicMadeAgainUnderTheSameNameIsNotTheOldLog() throws Exception {
    LogPartition old = newLog("again", 1);
    writer.append(old, new byte[1]).get();
    topics.delete(old.topicId());
    Await.until("made again", () -> !topics.createLog("again", 1, 1).equals(old.topicId()));
    RecordingSink sink = new RecordingSink();
    tailer.assign(old, 0, -1, sink);
    Await.until("reported as gone", () -> sink.events().equals(List.of("gone")));
    assertThat(sink.records()).isEmpty();
  }

  @Test
  void declaringALogDroppedEndsWhatIsOnTheWayAtOnce() {
    LogPartition log = newLog("declared", 1);
    writer.logDropped(log.topicId());
    assertThatThrownBy(() -> writer.append(log, new byte[1]).get())
        .hasCauseInstanceOf(TopicGoneException.class);
  }

  @Test
  void aRecordOfTheLargestSizeIsTakenByTheBroker() throws Exception {
    LogPartition log = newLog("large", 1);
    RecordingSink sink = new RecordingSink();
    tailer.assign(log, 0, -1, sink);
    int overhead = (int) EncodedSize.of(new byte[0], List.of());
    byte[] largest = new byte[WriterSettings.DEFAULT.recordBytesMax() - overhead];
    assertThat(writer.append(log, largest).get()).isZero();
    assertThatThrownBy(() -> writer.append(log, new byte[largest.length + 1]).get())
        .hasCauseInstanceOf(RecordTooLargeForLogException.class)
        .hasMessageContaining("limit of 16777216 bytes");
    Await.until("read", () -> sink.position() == 1);
    assertThat(sink.records().getFirst().value()).hasSize(largest.length);
  }

  @Test
  void moreBytesThanTheBudgetAreRefusedAtOnce() throws Exception {
    LogPartition log = newLog("busy", 1);
    int refused = 0;
    try (PointLogWriter small =
        new KafkaPointLogWriter(presets, new WriterSettings(1 << 20, 1 << 20))) {
      small.append(log, new byte[1]).get();
      CompletableFuture<?>[] appends = new CompletableFuture<?>[100];
      for (int i = 0; i < appends.length; i++) {
        appends[i] = small.append(log, new byte[400_000]);
      }
      for (CompletableFuture<?> append : appends) {
        Throwable failure = append.handle((offset, thrown) -> thrown).get();
        if (failure != null) {
          assertThat(failure).isInstanceOf(LogBusyException.class);
          refused++;
        }
      }
    }
    assertThat(refused).isPositive();
    assertThat(tailer.endOffset(log).get()).isEqualTo(1 + 100 - refused);
  }

  @Test
  void whatGoesFromReaderToReaderIsReadOnceAndInOrder() throws Exception {
    LogPartition log = newLog("moving", 1);
    RecordingSink sink = new RecordingSink();
    TailerSettings quick =
        new TailerSettings(
            "quick",
            Duration.ofMillis(10),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(300));
    AtomicLong appended = new AtomicLong();
    try (PointLogTailer moving = new KafkaPointLogTailer(presets, quick)) {
      moving.assign(log, 0, -1, sink);
      for (int round = 0; round < 3; round++) {
        AtomicLong last = new AtomicLong(System.nanoTime());
        AtomicInteger rested = new AtomicInteger();
        Await.until(
            "read by who reads what is quiet",
            () -> {
              if (System.nanoTime() - last.get() > 250_000_000) {
                appended.set(writer.append(log, new byte[1]).get() + 1);
                last.set(System.nanoTime());
              }
              return sink.reader().endsWith("-resting");
            });
        Await.until(
            "read by who reads what is streamed",
            () -> {
              sink.refuse(appended.get() % 10 == 0);
              appended.set(writer.append(log, new byte[1]).get() + 1);
              return sink.reader().endsWith("-lively");
            });
        sink.refuse(false);
      }
      Await.until("all read", () -> sink.position() == appended.get());
    }
    assertThat(sink.records())
        .extracting(LogRecord::offset)
        .containsExactlyElementsOf(LongStream.range(0, appended.get()).boxed().toList());
  }

  @Test
  void manyJoinTogetherAndWhatIsRevokedIsReadNoMore() throws Exception {
    LogPartition log = newLog("many", 100);
    List<RecordingSink> sinks = new ArrayList<>();
    for (int shard = 0; shard < 100; shard++) {
      LogPartition one = new LogPartition(log.topicId(), log.topic(), shard);
      RecordingSink sink = new RecordingSink();
      sinks.add(sink);
      tailer.assign(one, 0, -1, sink);
      writer.append(one, new byte[1]).get();
    }
    for (RecordingSink sink : sinks) {
      Await.until("read", () -> sink.position() == 1);
    }
    CompletableFuture<?>[] revoked = new CompletableFuture<?>[50];
    for (int shard = 0; shard < revoked.length; shard++) {
      revoked[shard] = tailer.unassign(new LogPartition(log.topicId(), log.topic(), shard));
    }
    CompletableFuture.allOf(revoked).get();
    for (int shard = 0; shard < 100; shard++) {
      writer.append(new LogPartition(log.topicId(), log.topic(), shard), new byte[1]).get();
    }
    for (RecordingSink sink : sinks.subList(50, 100)) {
      Await.until("read on", () -> sink.position() == 2);
    }
    assertThat(sinks.subList(0, 50)).extracting(RecordingSink::position).containsOnly(1L);
  }
}
