package dev.eddy.query.write;

import java.io.Serial;

/** The log was deleted: its generation is dropped. */
public final class LogDroppedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public LogDroppedException(String message, Throwable cause) {
    super(message, cause);
  }
}
