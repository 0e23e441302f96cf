package dev.eddy.kafka.log;

import org.jspecify.annotations.Nullable;

/** The record may have been appended, or may still be. */
public final class AppendOutcomeUnknownException extends PointLogException {
  private static final long serialVersionUID = 1L;

  public AppendOutcomeUnknownException(LogPartition partition, @Nullable Throwable cause) {
    super("append to %s has an unknown outcome: %s".formatted(partition, cause), cause);
  }
}
