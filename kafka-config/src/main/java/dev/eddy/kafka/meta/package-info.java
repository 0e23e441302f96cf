/**
 * Moves metadata and node reports through Kafka: a fenced writer, a reader that knows how far it
 * has read, and the nodes' reports.
 *
 * <p>The transport must not know what keys and values mean.
 */
@NullMarked
package dev.eddy.kafka.meta;

import org.jspecify.annotations.NullMarked;
