package dev.eddy.kafka.log;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Upper bound of what a record takes in a log, counted as Kafka's record format 2 does. Stateless.
 */
public final class EncodedSize {
  /** Header of a batch of one record. */
  private static final int BATCH_BYTES = 61;

  /**
   * Length, attributes, timestamp and offset deltas, key length, header count: all varints at their
   * longest.
   */
  private static final int RECORD_BYTES = 5 + 1 + 10 + 5 + 5 + 5;

  private static final int VARINT_BYTES = 5;

  private EncodedSize() {}

  /** Bytes of a batch that holds just this record, at most. */
  public static long of(byte[] value, List<LogHeader> headers) {
    long bytes = BATCH_BYTES + RECORD_BYTES + VARINT_BYTES + (long) value.length;
    for (LogHeader header : headers) {
      bytes +=
          2 * VARINT_BYTES
              + header.name().getBytes(StandardCharsets.UTF_8).length
              + (long) header.value().length;
    }
    return bytes;
  }
}
