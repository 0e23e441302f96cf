/**
 * The points of one shard without their vectors: ids, slots, versions, payloads, content hash. It
 * must not know vectors' storage, filters or the log.
 */
@NullMarked
package dev.eddy.engine.points;

import org.jspecify.annotations.NullMarked;
