package dev.eddy.ingest.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.eddy.kafka.client.ClientPresets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * Reads back which dead letters of a source partition are there already.
 *
 * <p>From the end backwards, until one below the offset that was delivered, or the start: what is
 * further back can't be written again.
 */
final class DeadLetterHistory {
  private static final int STEP_RECORDS = 2_000;
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final Duration FETCH_WAIT = Duration.ofMillis(50);

  private final ClientPresets presets;
  private final TopicPartition letters;

  DeadLetterHistory(ClientPresets presets, String topic) {
    this.presets = presets;
    this.letters = new TopicPartition(topic, 0);
  }

  /**
   * Offsets of the source partition at or above {@code delivered} that have a letter.
   *
   * @throws IllegalStateException when the letters can't be read to their end in time
   */
  Set<Long> read(UUID topicId, int partition, long delivered) {
    Set<Long> found = new HashSet<>();
    try (Consumer<byte[], byte[]> consumer =
        presets.tailingConsumer("dead-letter-history-" + partition, FETCH_WAIT)) {
      consumer.assign(List.of(letters));
      long end = highWatermark();
      long start = consumer.beginningOffsets(List.of(letters)).getOrDefault(letters, 0L);
      long deadline = System.nanoTime() + DEADLINE.toNanos();
      for (long until = end; until > start; ) {
        long from = Math.max(start, until - STEP_RECORDS);
        if (readRange(consumer, from, until, deadline, topicId, partition, delivered, found)) {
          return found;
        }
        until = from;
      }
    }
    return found;
  }

  /** Also counts what an open transaction of another source partition hides for the moment. */
  private long highWatermark() {
    Map<String, Object> settings = presets.tailingSettings("dead-letter-end", FETCH_WAIT);
    settings.put("isolation.level", "read_uncommitted");
    settings.put("key.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer");
    settings.put(
        "value.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer");
    try (Consumer<byte[], byte[]> consumer =
        new org.apache.kafka.clients.consumer.KafkaConsumer<>(settings)) {
      return consumer.endOffsets(List.of(letters)).getOrDefault(letters, 0L);
    }
  }

  /** Returns whether a letter below the delivered offset was met. */
  private boolean readRange(
      Consumer<byte[], byte[]> consumer,
      long from,
      long until,
      long deadline,
      UUID topicId,
      int partition,
      long delivered,
      Set<Long> found) {
    boolean metOlder = false;
    consumer.seek(letters, from);
    while (consumer.position(letters) < until) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "dead letters not readable to offset %d within %s".formatted(until, DEADLINE));
      }
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
        OptionalLong offset = sourceOffset(record, topicId, partition);
        if (offset.isPresent() && offset.getAsLong() < delivered) {
          metOlder = true;
        } else if (offset.isPresent()) {
          found.add(offset.getAsLong());
        }
      }
    }
    return metOlder;
  }

  private static OptionalLong sourceOffset(
      ConsumerRecord<byte[], byte[]> record, UUID topicId, int partition) {
    if (text(record, DeadLetter.SOURCE_TOPIC_ID).equals(topicId.toString())
        && text(record, DeadLetter.SOURCE_PARTITION).equals(Integer.toString(partition))) {
      return OptionalLong.of(Long.parseLong(text(record, DeadLetter.SOURCE_OFFSET)));
    }
    return OptionalLong.empty();
  }

  private static String text(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), UTF_8);
  }
}
