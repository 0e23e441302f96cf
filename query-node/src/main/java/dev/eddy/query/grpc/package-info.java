/**
 * The gRPC edge: requests of the contract to calls of the core, answers and errors back. Knows no
 * shard, no log and no other edge.
 */
@NullMarked
package dev.eddy.query.grpc;

import org.jspecify.annotations.NullMarked;
