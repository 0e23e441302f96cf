/**
 * One KRaft broker inside this JVM, for development, single-machine installations and tests.
 *
 * <p>The only package that may touch Kafka's server classes; it must not know topics, clients or
 * what is stored.
 */
@NullMarked
package dev.eddy.kafka.broker;

import org.jspecify.annotations.NullMarked;
