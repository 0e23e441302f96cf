package dev.eddy.kafka.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.kafka.Await;
import dev.eddy.kafka.client.ClientPresets;
import dev.eddy.kafka.log.AppendOutcomeUnknownException;
import dev.eddy.kafka.log.KafkaPointLogTailer;
import dev.eddy.kafka.log.KafkaPointLogWriter;
import dev.eddy.kafka.log.LogBatch;
import dev.eddy.kafka.log.LogPartition;
import dev.eddy.kafka.log.PartitionSink;
import dev.eddy.kafka.log.TailerSettings;
import dev.eddy.kafka.log.WriterSettings;
import dev.eddy.kafka.topic.TopicAdmin;
import dev.eddy.kafka.topic.TopicCatalogue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerCrashIT {
  private static final int KILLS = 3;

  @TempDir Path folder;

  @Test
  void whatWasAcknowledgedSurvivesKillAndClientsGoOnByThemselves() throws Exception {
    BrokerChild broker = BrokerChild.start(folder, 0);
    int port = broker.port();
    ClientPresets presets = new ClientPresets("127.0.0.1:" + port, "crash");
    TopicCatalogue catalogue = new TopicCatalogue("crash");
    Collector collector = new Collector();
    try (TopicAdmin topics = new TopicAdmin(presets, catalogue);
        KafkaPointLogWriter writer = new KafkaPointLogWriter(presets, WriterSettings.DEFAULT);
        KafkaPointLogTailer tailer = new KafkaPointLogTailer(presets, TailerSettings.of("crash"))) {
      LogPartition log =
          new LogPartition(topics.createLog("docs", 1, 1), catalogue.log("docs", 1), 0);
      tailer.assign(log, 0, -1, collector);
      ConcurrentHashMap<String, Long> acknowledged = new ConcurrentHashMap<>();
      for (int kill = 0; kill < KILLS; kill++) {
        Thread load = load(writer, log, kill, acknowledged);
        int before = acknowledged.size();
        Await.until("some are acknowledged", () -> acknowledged.size() > before + 200);
        broker.kill();
        broker = BrokerChild.start(folder, port);
        load.join();
      }
      writer.append(log, "last".getBytes(UTF_8)).get();
      Await.until("all read", () -> collector.values().contains("last"));
      assertThat(collector.failures()).isEmpty();
      List<String> read = collector.values();
      acknowledged.forEach(
          (value, offset) -> assertThat(read.get(offset.intValue())).isEqualTo(value));
      assertThat(topics.describe(log.topicId())).isPresent();
    } finally {
      broker.close();
    }
  }

  /** Appends one after the other until one has an unknown outcome or 2,000 are done. */
  private static Thread load(
      KafkaPointLogWriter writer,
      LogPartition log,
      int round,
      ConcurrentHashMap<String, Long> acknowledged) {
    return Thread.ofVirtual()
        .start(() -> {
          for (int i = 0; i < 2_000; i++) {
            String value = round + "/" + i;
            try {
              acknowledged.put(value, writer.append(log, value.getBytes(UTF_8)).get());
            } catch (ExecutionException e) {
              assertThat(e).hasCauseInstanceOf(AppendOutcomeUnknownException.class);
            } catch (InterruptedException e) {
              return;
            }
          }
        });
  }

  @Test
  void theFolderOfALivingBrokerInAnotherProcessIsRefused() throws Exception {
    try (BrokerChild broker = BrokerChild.start(folder, 0)) {
      assertThat(broker.port()).isPositive();
      assertThatThrownBy(() -> EmbeddedBroker.start(BrokerSettings.onLoopback(folder, 0)))
          .isInstanceOf(DataFolderLockedException.class)
          .hasMessageContaining(folder.toString());
    }
  }

  private static final class Collector implements PartitionSink {
    private final List<String> values = Collections.synchronizedList(new ArrayList<>());
    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());

    @Override
    public boolean offer(LogBatch batch) {
      batch.records().forEach(record -> values.add(new String(record.value(), UTF_8)));
      return true;
    }

    @Override
    public void logTruncated(long divergentOffset) {
      failures.add("truncated at " + divergentOffset);
    }

    @Override
    public void outOfRange(long position) {
      failures.add("out of range at " + position);
    }

    @Override
    public void logGone(UUID expected) {
      failures.add("gone");
    }

    List<String> values() {
      return List.copyOf(values);
    }

    List<String> failures() {
      return List.copyOf(failures);
    }
  }
}
