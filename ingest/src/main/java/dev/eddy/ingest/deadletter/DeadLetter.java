package dev.eddy.ingest.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * A rejected record with its reason. Its identity is its origin: topic id, partition and offset.
 *
 * @param key as it came
 * @param value as it came, or its beginning where the whole is over {@link #BYTES_MAX}
 * @param headers as they came, followed by {@code eddy-*} headers
 */
public record DeadLetter(
    UUID topicId,
    int partition,
    long offset,
    byte @Nullable [] key,
    byte @Nullable [] value,
    List<Header> headers) {
  public static final String ERROR_CODE = "eddy-error-code";
  public static final String ERROR_REASON = "eddy-error-reason";
  public static final String SOURCE_TOPIC = "eddy-source-topic";
  public static final String SOURCE_TOPIC_ID = "eddy-source-topic-id";
  public static final String SOURCE_PARTITION = "eddy-source-partition";
  public static final String SOURCE_OFFSET = "eddy-source-offset";
  public static final String VALUE_BYTES = "eddy-value-bytes";
  public static final String VALUE_SHA256 = "eddy-value-sha256";

  /** Key, value and headers of one letter together, so that it fits the topic's 12 MiB. */
  public static final int BYTES_MAX = 11 << 20;

  private static final int ADDED_BYTES = 4 << 10;

  public DeadLetter {
    headers = List.copyOf(headers);
  }

  /** The letter of an inbox record. */
  public static DeadLetter of(
      ConsumerRecord<byte[], byte[]> record, UUID topicId, String code, String reason) {
    List<Header> headers = new ArrayList<>();
    long bytes = ADDED_BYTES + Math.max(0, record.serializedKeySize());
    for (Header header : record.headers()) {
      headers.add(header);
      bytes += header.key().length() + (header.value() == null ? 0 : header.value().length);
    }
    headers.add(header(ERROR_CODE, code));
    headers.add(header(ERROR_REASON, reason));
    headers.add(header(SOURCE_TOPIC, record.topic()));
    headers.add(header(SOURCE_TOPIC_ID, topicId.toString()));
    headers.add(header(SOURCE_PARTITION, Integer.toString(record.partition())));
    headers.add(header(SOURCE_OFFSET, Long.toString(record.offset())));
    byte[] value = record.value();
    if (value != null && bytes + value.length > BYTES_MAX) {
      headers.add(header(VALUE_BYTES, Integer.toString(value.length)));
      headers.add(header(VALUE_SHA256, sha256(value)));
      value = Arrays.copyOf(value, (int) Math.max(0, BYTES_MAX - bytes));
    }
    return new DeadLetter(
        topicId, record.partition(), record.offset(), record.key(), value, headers);
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(UTF_8));
  }

  private static String sha256(byte[] value) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
