package dev.eddy.kafka.topic;

import java.util.UUID;

/**
 * A topic as it is.
 *
 * @param id the topic's id: a topic of the same name created later has another
 * @param name topic name
 * @param partitions partition count
 * @param replicas smallest number of replicas of any partition
 */
public record TopicDescription(UUID id, String name, int partitions, int replicas) {}
