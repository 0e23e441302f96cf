package dev.eddy.kafka.topic;

/** No broker answers. */
public final class BrokerUnreachableException extends TopicException {
  private static final long serialVersionUID = 1L;

  BrokerUnreachableException(String message, Throwable cause) {
    super(message, cause);
  }
}
