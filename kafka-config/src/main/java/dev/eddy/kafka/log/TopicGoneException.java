package dev.eddy.kafka.log;

/** The log's topic was deleted: its collection or generation is dropped. */
public final class TopicGoneException extends PointLogException {
  private static final long serialVersionUID = 1L;

  public TopicGoneException(LogPartition partition) {
    super("log %s (topic id %s) was deleted".formatted(partition, partition.topicId()), null);
  }
}
