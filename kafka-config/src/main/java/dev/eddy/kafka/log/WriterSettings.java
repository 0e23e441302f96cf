package dev.eddy.kafka.log;

/**
 * Limits of a {@link KafkaPointLogWriter}.
 *
 * @param recordBytesMax largest encoded record in bytes; not above the topic's {@code
 *     max.message.bytes}
 * @param inFlightBytesMax bytes that may be on their way to the log at once; beyond it appends fail
 *     with {@link LogBusyException}
 */
public record WriterSettings(int recordBytesMax, long inFlightBytesMax) {
  /** 16 MiB per record, 64 MiB on the way. */
  public static final WriterSettings DEFAULT = new WriterSettings(16 << 20, 64L << 20);

  /** Not above what the producer buffers, so that a send never blocks for room. */
  private static final long IN_FLIGHT_BYTES_LIMIT = 128L << 20;

  public WriterSettings {
    if (recordBytesMax < 1 || recordBytesMax > 16 << 20) {
      throw new IllegalArgumentException(
          "recordBytesMax must be in [1, %d], got %d".formatted(16 << 20, recordBytesMax));
    }
    if (inFlightBytesMax < recordBytesMax || inFlightBytesMax > IN_FLIGHT_BYTES_LIMIT) {
      throw new IllegalArgumentException(
          "inFlightBytesMax must be in [%d, %d], got %d"
              .formatted(recordBytesMax, IN_FLIGHT_BYTES_LIMIT, inFlightBytesMax));
    }
  }
}
