package dev.eddy.kafka.meta;

import dev.eddy.kafka.client.ClientPresets;
import dev.eddy.kafka.client.EndOffsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/** A {@link TopicFeed} from Kafka. */
final class ConsumerFeed implements TopicFeed {
  private static final Duration FETCH_WAIT = Duration.ofMillis(500);
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(1);
  private static final byte[] NO_KEY = {};

  private final TopicPartition partition;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final EndOffsets ends;

  /**
   * Opens a feed at the start of the topic.
   *
   * @param ends stays open when the feed closes
   */
  ConsumerFeed(ClientPresets presets, String topic, EndOffsets ends) {
    this.partition = new TopicPartition(topic, 0);
    this.ends = ends;
    this.consumer = presets.tailingConsumer("feed-" + topic, FETCH_WAIT);
    consumer.assign(List.of(partition));
    rewind();
  }

  @Override
  public List<Entry> poll(Duration timeout) {
    List<Entry> entries = new ArrayList<>();
    try {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(timeout).records(partition)) {
        byte[] key = record.key() == null ? NO_KEY : record.key();
        entries.add(new Entry(record.offset(), record.timestamp(), key, record.value()));
      }
    } catch (WakeupException e) {
      return List.of();
    }
    return entries;
  }

  @Override
  public long position() {
    return consumer.position(partition);
  }

  @Override
  public CompletableFuture<Long> end() {
    return ends.latest(partition.topic(), 0);
  }

  @Override
  public void rewind() {
    consumer.seekToBeginning(List.of(partition));
  }

  @Override
  public void wakeUp() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(CLOSE_WAIT));
  }
}
