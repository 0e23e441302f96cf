/** A small cluster in memory for tests: logs, shards, metadata. Knows no transport. */
@NullMarked
package dev.eddy.query.world;

import org.jspecify.annotations.NullMarked;
