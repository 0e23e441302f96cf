package dev.eddy.bench.wire;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A plain Kafka producer into the inbox topic. Safe from any thread. */
public final class Inbox implements AutoCloseable {
  private static final String TOPIC = "eddy.points";

  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicLong failures = new AtomicLong();

  /** A point as the producer sends it. */
  public record Envelope(byte[] key, byte[] value) {}

  /**
   * A producer with {@code acks=all}.
   *
   * @param compression Kafka's name: none, lz4, zstd, ...
   * @param lingerMs how long a batch may wait for more records
   */
  public Inbox(int kafkaPort, String compression, int lingerMs) {
    this.producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                "127.0.0.1:" + kafkaPort,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.LINGER_MS_CONFIG,
                lingerMs,
                ProducerConfig.BATCH_SIZE_CONFIG,
                256 << 10,
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                64L << 20,
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                compression),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** Encodes a point; its id is the record's key. */
  public static Envelope envelope(String collection, long id, float[] vector) {
    StringBuilder value = new StringBuilder(vector.length * 12 + 80);
    value.append("{\"collection_name\":\"").append(collection);
    value.append("\",\"id\":").append(id).append(",\"vector\":");
    JsonText.vector(vector, value);
    value.append('}');
    return new Envelope(
        Long.toString(id).getBytes(StandardCharsets.US_ASCII),
        value.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Hands a record to the producer; waits only while its buffer is full. */
  public void send(Envelope envelope) {
    var unused =
        producer.send(
            new ProducerRecord<>(TOPIC, envelope.key(), envelope.value()),
            (sent, failure) -> {
              if (failure != null) {
                failures.incrementAndGet();
              }
            });
  }

  /** Waits until everything sent is acknowledged or has failed. */
  public void flush() {
    producer.flush();
  }

  /** Records that were not acknowledged so far. */
  public long failures() {
    return failures.get();
  }

  @Override
  public void close() {
    producer.close();
  }
}
