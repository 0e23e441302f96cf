package dev.eddy.controller;

import java.io.Serial;

/** This node did not take the change up, because it does not decide; nothing happened. */
final class NotLeadingException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  NotLeadingException(String message) {
    super(message);
  }
}
