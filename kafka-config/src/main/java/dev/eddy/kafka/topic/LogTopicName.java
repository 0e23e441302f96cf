package dev.eddy.kafka.topic;

/**
 * A point log's topic name, taken apart.
 *
 * @param stem the collection's name, or a readable stem and a hash where the name does not fit into
 *     a topic name
 * @param generation the generation's number, from 1
 */
public record LogTopicName(String stem, int generation) {}
