package dev.eddy.kafka.topic;

/**
 * A topic is set so that acknowledged records could be lost; the message is one sentence that says
 * which setting, and what it must be.
 */
public final class UnsafeTopicException extends TopicException {
  private static final long serialVersionUID = 1L;

  UnsafeTopicException(String message) {
    super(message);
  }
}
