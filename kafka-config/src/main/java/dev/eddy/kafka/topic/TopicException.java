package dev.eddy.kafka.topic;

/**
 * Kafka refused or did not answer an operation on topics; the message names operation and topic.
 */
public sealed class TopicException extends RuntimeException
    permits BrokerUnreachableException, UnsafeTopicException {
  private static final long serialVersionUID = 1L;

  TopicException(String message) {
    super(message);
  }

  TopicException(String message, Throwable cause) {
    super(message, cause);
  }
}
