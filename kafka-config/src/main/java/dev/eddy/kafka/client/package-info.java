/**
 * Kafka client settings, each chosen once, for correctness first and for milliseconds next.
 *
 * <p>It must not know which records travel.
 */
@NullMarked
package dev.eddy.kafka.client;

import org.jspecify.annotations.NullMarked;
