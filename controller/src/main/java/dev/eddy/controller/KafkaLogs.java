package dev.eddy.controller;

import dev.eddy.kafka.client.ClientPresets;
import dev.eddy.kafka.client.EndOffsets;
import dev.eddy.kafka.log.KafkaPointLogWriter;
import dev.eddy.kafka.log.LogPartition;
import dev.eddy.kafka.log.PointLogWriter;
import dev.eddy.kafka.log.WriterSettings;
import dev.eddy.kafka.topic.TopicAdmin;
import dev.eddy.kafka.topic.TopicDescription;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.InboxEnds;
import dev.eddy.model.update.Update;
import dev.eddy.proto.log.LogRecordCodec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** {@link Logs} in Kafka. */
final class KafkaLogs implements Logs, AutoCloseable {
  private final TopicAdmin topics;
  private final PointLogWriter writer;
  private final EndOffsets ends;

  KafkaLogs(ClientPresets presets, TopicAdmin topics) {
    this.topics = topics;
    this.writer = new KafkaPointLogWriter(presets, WriterSettings.DEFAULT);
    this.ends = new EndOffsets(presets, "controller-ends");
  }

  @Override
  public String topic(String collection, int generation) {
    return topics.catalogue().log(collection, generation);
  }

  @Override
  public UUID create(Generation generation) {
    return topics.createLog(
        generation.name(), generation.generation(), generation.spec().shardNumber());
  }

  @Override
  public Optional<UUID> find(String topic) {
    return topics.describe(topic).map(TopicDescription::id);
  }

  @Override
  public void delete(UUID topicId) {
    topics.delete(topicId);
    writer.logDropped(topicId);
  }

  @Override
  public Map<String, UUID> list() {
    return topics.listLogs();
  }

  @Override
  public InboxEnds inboxEnds() {
    TopicDescription inbox = inbox();
    List<CompletableFuture<Long>> asked =
        IntStream.range(0, inbox.partitions())
            .mapToObj(partition -> ends.latest(inbox.name(), partition))
            .toList();
    return new InboxEnds(inbox.id(), asked.stream().map(CompletableFuture::join).toList());
  }

  @Override
  public InboxEnds inboxStarts() {
    TopicDescription inbox = inbox();
    return new InboxEnds(
        inbox.id(), Arrays.stream(topics.startOffsets(inbox.name())).boxed().toList());
  }

  private TopicDescription inbox() {
    String inbox = topics.catalogue().points();
    return topics
        .describe(inbox)
        .orElseThrow(() -> new IllegalStateException("there is no topic " + inbox));
  }

  @Override
  public CompletableFuture<?> append(Generation generation, int shard, Update update) {
    return writer.append(partition(generation, shard), LogRecordCodec.encode(update));
  }

  @Override
  public CompletableFuture<Long> end(Generation generation, int shard) {
    return ends.latest(generation.topic(), shard);
  }

  private static LogPartition partition(Generation generation, int shard) {
    UUID id =
        generation
            .logTopicId()
            .orElseThrow(() -> new IllegalStateException("no log yet of " + generation));
    return new LogPartition(id, generation.topic(), shard);
  }

  @Override
  public void close() {
    writer.close();
    ends.close();
  }
}
