/**
 * The records of the metadata topic and of the nodes topic: changes and reports to bytes and back.
 *
 * <p>It must not know Kafka, or what a change brings about.
 */
@NullMarked
package dev.eddy.proto.meta;

import org.jspecify.annotations.NullMarked;
