package dev.eddy.kafka.meta;

import java.io.Serial;

/**
 * The metadata topic holds a record that this version does not understand. The node keeps what it
 * knew before, and takes no decision on it any more.
 */
public final class MetaUnreadableException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public MetaUnreadableException(String message, Throwable cause) {
    super(message, cause);
  }
}
