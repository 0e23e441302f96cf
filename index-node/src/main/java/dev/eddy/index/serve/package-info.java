/**
 * Answering query nodes from the hosted shards: bounds, leases, limits of concurrency. Knows no
 * transport and never changes a shard.
 */
@NullMarked
package dev.eddy.index.serve;

import org.jspecify.annotations.NullMarked;
