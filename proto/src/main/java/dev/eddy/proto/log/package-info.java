/**
 * The records of a point log: updates to bytes and back.
 *
 * <p>It must not know Kafka, topics, or how a record is applied.
 */
@NullMarked
package dev.eddy.proto.log;

import org.jspecify.annotations.NullMarked;
