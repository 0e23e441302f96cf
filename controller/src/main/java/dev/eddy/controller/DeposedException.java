package dev.eddy.controller;

import java.io.Serial;

/**
 * This node does not decide any more: a newer controller took over, or the outcome of a decision is
 * unknown. Nothing may be done on behalf of this term.
 */
final class DeposedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  DeposedException(String message, Throwable cause) {
    super(message, cause);
  }
}
