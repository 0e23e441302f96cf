/**
 * Sparse vectors of one name of a shard: kept by slot, and found by their indices, exactly. It must
 * not know points, filters nor the log.
 */
@NullMarked
package dev.eddy.engine.sparse;

import org.jspecify.annotations.NullMarked;
