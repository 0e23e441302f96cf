package dev.eddy.kafka.meta;

/**
 * The write may have happened or not. The writer is closed: make a new one, read to the end, then
 * decide.
 */
public final class MetaWriteUnknownException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MetaWriteUnknownException(String topic, Throwable cause) {
    super("write to %s has an unknown outcome: %s".formatted(topic, cause), cause);
  }
}
