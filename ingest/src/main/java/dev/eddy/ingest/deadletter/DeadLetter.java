package dev.eddy.ingest.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.eddy.model.error.Excerpt;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * A rejected record with its reason. Its identity is its origin: topic id, partition and offset.
 *
 * @param key as it came, or its beginning where it is over {@link #BYTES_MAX}
 * @param value as it came, or its beginning where the whole is over {@link #BYTES_MAX}
 * @param headers as they came, left out where they are over {@link #BYTES_MAX}, followed by {@code
 *     eddy-*} headers
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

  public static final String KEY_BYTES = "eddy-key-bytes";
  public static final String KEY_SHA256 = "eddy-key-sha256";
  public static final String HEADERS_BYTES = "eddy-headers-bytes";

  /** Key, value and headers of one letter together, so that it fits the topic's 12 MiB. */
  public static final int BYTES_MAX = 11 << 20;

  /** Characters of a reason: it may quote what came, which is as large as a record can be. */
  static final int REASON_MAX = 1_000;

  /** More than all that is added can take. */
  private static final int ADDED_BYTES = 8 << 10;

  /** Lengths that the log's format puts before a header's name and value. */
  private static final int HEADER_OVERHEAD_BYTES = 10;

  public DeadLetter {
    headers = List.copyOf(headers);
  }

  /**
   * The letter of an inbox record. What is too large for the topic is cut, and the letter says so:
   * one that can't be written would hold its partition up for ever.
   */
  public static DeadLetter of(
      ConsumerRecord<byte[], byte[]> record, UUID topicId, String code, String reason) {
    List<Header> headers = new ArrayList<>();
    List<Header> cuts = new ArrayList<>();
    long room = BYTES_MAX - ADDED_BYTES;
    long headerBytes = bytesOf(record.headers());
    if (headerBytes <= room) {
      record.headers().forEach(headers::add);
      room -= headerBytes;
    } else {
      cuts.add(header(HEADERS_BYTES, Long.toString(headerBytes)));
    }
    byte[] key = cut(record.key(), room, KEY_BYTES, KEY_SHA256, cuts);
    room -= key == null ? 0 : key.length;
    byte[] value = cut(record.value(), room, VALUE_BYTES, VALUE_SHA256, cuts);
    headers.add(header(ERROR_CODE, code));
    headers.add(header(ERROR_REASON, Excerpt.counted(reason, REASON_MAX)));
    headers.add(header(SOURCE_TOPIC, record.topic()));
    headers.add(header(SOURCE_TOPIC_ID, topicId.toString()));
    headers.add(header(SOURCE_PARTITION, Integer.toString(record.partition())));
    headers.add(header(SOURCE_OFFSET, Long.toString(record.offset())));
    headers.addAll(cuts);
    return new DeadLetter(topicId, record.partition(), record.offset(), key, value, headers);
  }

  private static long bytesOf(Headers headers) {
    long bytes = 0;
    for (Header header : headers) {
      bytes += HEADER_OVERHEAD_BYTES + header.key().getBytes(UTF_8).length;
      bytes += header.value() == null ? 0 : header.value().length;
    }
    return bytes;
  }

  private static byte @Nullable [] cut(
      byte @Nullable [] bytes, long room, String lengthName, String hashName, List<Header> cuts) {
    if (bytes == null || bytes.length <= room) {
      return bytes;
    }
    cuts.add(header(lengthName, Integer.toString(bytes.length)));
    cuts.add(header(hashName, sha256(bytes)));
    return Arrays.copyOf(bytes, Math.toIntExact(room));
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
