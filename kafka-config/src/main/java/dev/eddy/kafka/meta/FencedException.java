package dev.eddy.kafka.meta;

/**
 * Another writer took over. Step down: the new one decides. What was being written is aborted,
 * unless its commit was already on the way; a read to the end tells.
 */
public final class FencedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  FencedException(String transactionalId, Throwable cause) {
    super("writer %s was fenced by a newer one".formatted(transactionalId), cause);
  }
}
