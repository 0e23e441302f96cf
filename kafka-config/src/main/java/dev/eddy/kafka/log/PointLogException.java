package dev.eddy.kafka.log;

import org.jspecify.annotations.Nullable;

/** An append failed; the kind says what may be in the log. */
public abstract sealed class PointLogException extends RuntimeException
    permits AppendOutcomeUnknownException,
        LogBusyException,
        RecordTooLargeForLogException,
        TopicGoneException {
  private static final long serialVersionUID = 1L;

  PointLogException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
