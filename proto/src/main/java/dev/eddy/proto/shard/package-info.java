/**
 * What a query node asks of the shards of an index node, as messages.
 *
 * <p>It must not know who carries the calls.
 */
@NullMarked
package dev.eddy.proto.shard;

import org.jspecify.annotations.NullMarked;
