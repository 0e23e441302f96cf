/**
 * The process role that hosts shards, put together. Knows nothing of the public API: query nodes
 * speak to it through the shard service.
 */
@NullMarked
package dev.eddy.index;

import org.jspecify.annotations.NullMarked;
