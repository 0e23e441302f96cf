package dev.eddy.kafka.log;

/**
 * A record's encoded size is above the log's limit; nothing was appended, and no retry will help.
 */
public final class RecordTooLargeForLogException extends PointLogException {
  private static final long serialVersionUID = 1L;

  private final long encodedBytes;
  private final long limitBytes;

  public RecordTooLargeForLogException(long encodedBytes, long limitBytes) {
    super(
        "record of %d encoded bytes is above the log's limit of %d bytes"
            .formatted(encodedBytes, limitBytes),
        null);
    this.encodedBytes = encodedBytes;
    this.limitBytes = limitBytes;
  }

  /** Size of the record as it would have been sent. */
  public long encodedBytes() {
    return encodedBytes;
  }

  /** The limit that it exceeds. */
  public long limitBytes() {
    return limitBytes;
  }
}
