/**
 * How things travel: the public contract, the records of the log and of the metadata, the internal
 * services.
 *
 * <p>It must not know Kafka, files, or how a request is answered.
 */
@NullMarked
package dev.eddy.proto;

import org.jspecify.annotations.NullMarked;
