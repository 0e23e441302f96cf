package dev.eddy.testkit;

import dev.eddy.kafka.client.ClientPresets;
import dev.eddy.kafka.log.KafkaPointLogTailer;
import dev.eddy.kafka.log.KafkaPointLogWriter;
import dev.eddy.kafka.log.LogPartition;
import dev.eddy.kafka.log.PointLogTailer;
import dev.eddy.kafka.log.PointLogWriter;
import dev.eddy.kafka.log.TailerSettings;
import dev.eddy.kafka.log.WriterSettings;
import dev.eddy.kafka.topic.TopicAdmin;
import dev.eddy.kafka.topic.TopicCatalogue;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;

/** The contract on Kafka; which one is the subclass's to say. */
abstract class KafkaPointLogContract extends PointLogContract {
  private final ClientPresets presets;
  private final TopicCatalogue catalogue;
  private final TopicAdmin topics;
  private final PointLogWriter writer;
  private final PointLogTailer tailer;
  private int generation;

  KafkaPointLogContract(ClientPresets presets) {
    this.presets = presets;
    this.catalogue = new TopicCatalogue(presets.cluster());
    this.topics = new TopicAdmin(presets, catalogue);
    this.writer = new KafkaPointLogWriter(presets, WriterSettings.DEFAULT);
    this.tailer = new KafkaPointLogTailer(presets, TailerSettings.of("contract"));
  }

  @AfterEach
  void close() {
    tailer.close();
    writer.close();
    topics.close();
  }

  @Override
  PointLogWriter writer() {
    return writer;
  }

  @Override
  PointLogTailer tailer() {
    return tailer;
  }

  @Override
  List<LogPartition> createLog(int partitionCount) {
    generation++;
    UUID id = topics.createLog("contract", generation, partitionCount);
    String topic = catalogue.log("contract", generation);
    return IntStream.range(0, partitionCount)
        .mapToObj(partition -> new LogPartition(id, topic, partition))
        .toList();
  }

  @Override
  void makeGap(LogPartition partition) {
    String id = presets.cluster() + "-gap";
    long before = tailer.endOffset(partition).join();
    try (var producer = presets.transactionalProducer("gap", id, Duration.ofSeconds(10))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(
          new ProducerRecord<>(partition.topic(), partition.partition(), null, new byte[1]));
      producer.flush();
      producer.abortTransaction();
    }
    // The coordinator answers before the marker is in the log.
    Await.until(
        "record and marker are there", () -> tailer.endOffset(partition).get() == before + 2);
  }

  @Override
  void deleteBefore(LogPartition partition, long offset) {
    TopicPartition target = new TopicPartition(partition.topic(), partition.partition());
    try (var admin = presets.admin("trim")) {
      admin
          .deleteRecords(Map.of(target, RecordsToDelete.beforeOffset(offset)))
          .all()
          .toCompletionStage()
          .toCompletableFuture()
          .join();
    }
  }

  @Override
  void deleteTopic(LogPartition partition) {
    topics.delete(partition.topicId());
  }
}
