/**
 * The topics of metadata and of nodes: a fenced writer, reading to the end, folding what is read
 * into the state of the cluster, and the nodes' reports.
 *
 * <p>It must not know why something is decided.
 */
@NullMarked
package dev.eddy.kafka.meta;

import org.jspecify.annotations.NullMarked;
