package dev.eddy.engine.shard;

import java.io.IOException;
import java.io.Serial;

/** A shard's folder belongs to another log: a topic was deleted and made again, or mixed up. */
public final class LogMismatchException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  LogMismatchException(String message) {
    super(message);
  }
}
