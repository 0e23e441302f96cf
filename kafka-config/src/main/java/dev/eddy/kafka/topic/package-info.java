/**
 * The topics of a cluster: their names, settings and ids, creating and deleting them, checking that
 * they are safe.
 *
 * <p>It must not know what the records in them mean.
 */
@NullMarked
package dev.eddy.kafka.topic;

import org.jspecify.annotations.NullMarked;
