package dev.eddy.kafka.broker;

import org.jspecify.annotations.Nullable;

/**
 * The embedded broker could not start; the message is one sentence for the person who started it.
 */
public sealed class BrokerStartException extends RuntimeException
    permits PortInUseException, DataFolderLockedException {
  private static final long serialVersionUID = 1L;

  BrokerStartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
