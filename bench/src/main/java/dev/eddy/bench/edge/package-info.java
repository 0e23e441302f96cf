/** A query node on a shard and a log that cost nothing, in a process of its own. */
@NullMarked
package dev.eddy.bench.edge;

import org.jspecify.annotations.NullMarked;
