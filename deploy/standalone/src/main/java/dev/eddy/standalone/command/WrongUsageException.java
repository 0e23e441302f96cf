package dev.eddy.standalone.command;

import java.io.Serial;

/** An option's value can't be meant; the message says why in one sentence. */
final class WrongUsageException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  WrongUsageException(String message) {
    super(message);
  }
}
