package dev.eddy.kafka.log;

/** Too many bytes are on their way to the log; nothing was appended. Worth a retry soon. */
public final class LogBusyException extends PointLogException {
  private static final long serialVersionUID = 1L;

  public LogBusyException(long bytes, long inFlightBytes, long limitBytes) {
    super(
        "point log is busy: %d bytes asked, %d in flight, limit %d bytes"
            .formatted(bytes, inFlightBytes, limitBytes),
        null);
  }
}
