/**
 * The REST edge: one HTTP listener, its routes and its answers. Knows no shard, no Kafka and no
 * gRPC; everything it tells or changes goes through the services of the query node.
 */
@NullMarked
package dev.eddy.query.rest;

import org.jspecify.annotations.NullMarked;
