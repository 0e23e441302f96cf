package dev.eddy.kafka.log;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/**
 * One partition of one point log. The id tells a topic from a later one of the same name.
 *
 * @param topicId the topic's id
 * @param topic the topic's name
 * @param partition from 0; also the shard's number
 */
public record LogPartition(UUID topicId, String topic, int partition) {
  public LogPartition {
    requireNonNull(topicId, "topicId");
    requireNonNull(topic, "topic");
    if (partition < 0) {
      throw new IllegalArgumentException("partition must not be negative, got " + partition);
    }
  }

  @Override
  public String toString() {
    return topic + "-" + partition;
  }
}
