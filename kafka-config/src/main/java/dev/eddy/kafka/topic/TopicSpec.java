package dev.eddy.kafka.topic;

import java.util.Map;

/**
 * How a topic is to be created.
 *
 * @param name topic name
 * @param partitions partition count, at least 1
 * @param configs Kafka topic settings; replication is decided from the brokers there are
 */
public record TopicSpec(String name, int partitions, Map<String, String> configs) {
  public TopicSpec {
    if (partitions < 1) {
      throw new IllegalArgumentException(
          "topic %s: partitions must be at least 1, got %d".formatted(name, partitions));
    }
    configs = Map.copyOf(configs);
  }
}
