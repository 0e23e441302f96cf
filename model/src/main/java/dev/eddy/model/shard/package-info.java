/**
 * The port between query nodes and the shards of index nodes. Knows no gRPC: adapters on both sides
 * carry it.
 */
@NullMarked
package dev.eddy.model.shard;

import org.jspecify.annotations.NullMarked;
