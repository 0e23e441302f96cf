package dev.eddy.ingest.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeadLetterTest {
  private static final UUID TOPIC = new UUID(1, 2);
  private static final int TOPIC_BYTES_MAX = 12 << 20;

  private static DeadLetter letter(
      byte @Nullable [] key, byte @Nullable [] value, RecordHeaders headers, String reason) {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(
            "eddy.points",
            3,
            77,
            0,
            TimestampType.CREATE_TIME,
            key == null ? -1 : key.length,
            value == null ? -1 : value.length,
            key,
            value,
            headers,
            Optional.empty());
    return DeadLetter.of(record, TOPIC, "NOT_JSON", reason);
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    Arrays.fill(bytes, (byte) 'x');
    return bytes;
  }

  private static Map<String, String> headersOf(DeadLetter letter) {
    Map<String, String> headers = new HashMap<>();
    for (Header header : letter.headers()) {
      headers.put(header.key(), new String(header.value(), UTF_8));
    }
    return headers;
  }

  private static long sizeOf(DeadLetter letter) {
    long size = letter.key() == null ? 0 : letter.key().length;
    size += letter.value() == null ? 0 : letter.value().length;
    for (Header header : letter.headers()) {
      size += header.key().length() + header.value().length;
    }
    return size;
  }

  @Test
  void whatFitsIsUnchangedAndSaysWhereItCameFrom() {
    RecordHeaders headers = new RecordHeaders();
    headers.add("trace", "a".getBytes(UTF_8));
    headers.add("trace", "b".getBytes(UTF_8));

    DeadLetter letter = letter(bytes(2), bytes(5), headers, "value: broken");

    assertThat(letter.key()).isEqualTo(bytes(2));
    assertThat(letter.value()).isEqualTo(bytes(5));
    assertThat(letter.headers().subList(0, 2)).containsExactly(headers.toArray());
    assertThat(headersOf(letter))
        .containsEntry("eddy-error-code", "NOT_JSON")
        .containsEntry("eddy-error-reason", "value: broken")
        .containsEntry("eddy-source-topic", "eddy.points")
        .containsEntry("eddy-source-topic-id", TOPIC.toString())
        .containsEntry("eddy-source-partition", "3")
        .containsEntry("eddy-source-offset", "77")
        .doesNotContainKeys("eddy-value-bytes", "eddy-key-bytes", "eddy-headers-bytes");
  }

  @Test
  void noKeyAndNoValueStayNone() {
    DeadLetter letter = letter(null, null, new RecordHeaders(), "why");
    assertThat(letter.key()).isNull();
    assertThat(letter.value()).isNull();
  }

  @Test
  void aValueOverTheLimitIsCut() {
    DeadLetter letter = letter(bytes(1), bytes(13 << 20), new RecordHeaders(), "too large");
    assertThat(headersOf(letter))
        .containsEntry("eddy-value-bytes", Integer.toString(13 << 20))
        .hasEntrySatisfying("eddy-value-sha256", hash -> assertThat(hash).hasSize(64));
    assertThat(letter.value()).hasSizeBetween(10 << 20, DeadLetter.BYTES_MAX);
  }

  /** Compressed, a record of the inbox can hold more than a letter in any of its parts. */
  @Test
  void noRecordMakesALetterThatTheTopicDoesNotTake() {
    RecordHeaders large = new RecordHeaders();
    large.add("h", bytes(14 << 20));
    RecordHeaders many = new RecordHeaders();
    for (int i = 0; i < 1 << 20; i++) {
      many.add("h", bytes(1));
    }

    DeadLetter largeKey = letter(bytes(14 << 20), bytes(9), new RecordHeaders(), "why");
    assertThat(headersOf(largeKey))
        .containsEntry("eddy-key-bytes", Integer.toString(14 << 20))
        .containsKeys("eddy-key-sha256", "eddy-value-bytes");
    DeadLetter largeHeaders = letter(bytes(1), bytes(9), large, "why");
    assertThat(headersOf(largeHeaders))
        .containsKey("eddy-headers-bytes")
        .doesNotContainKeys("h", "eddy-value-bytes");
    DeadLetter longReason =
        letter(null, bytes(8 << 20), new RecordHeaders(), "collection " + "y".repeat(7 << 20));
    assertThat(headersOf(longReason))
        .hasEntrySatisfying(
            "eddy-error-reason",
            reason -> assertThat(reason).startsWith("collection y").hasSizeLessThan(2_000))
        .doesNotContainKey("eddy-value-bytes");

    assertThat(sizeOf(largeKey)).isLessThan(TOPIC_BYTES_MAX);
    assertThat(sizeOf(largeHeaders)).isLessThan(TOPIC_BYTES_MAX);
    assertThat(sizeOf(longReason)).isLessThan(TOPIC_BYTES_MAX);
    assertThat(headersOf(letter(null, bytes(1), many, "why"))).containsKey("eddy-headers-bytes");
  }
}
