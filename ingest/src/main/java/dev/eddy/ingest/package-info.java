/**
 * The inbox as a process role: plain Kafka producers stream points in. Knows no index node and no
 * query node.
 */
@NullMarked
package dev.eddy.ingest;

import org.jspecify.annotations.NullMarked;
