/**
 * The point log: append-only partitions that every change of a collection goes through, as ports
 * and as Kafka forms of them.
 *
 * <p>It must not know what a record means, nor who applies it.
 */
@NullMarked
package dev.eddy.kafka.log;

import org.jspecify.annotations.NullMarked;
