/**
 * Multivectors of one name of a shard: rows kept by slot, compared exactly. It must not know
 * points, filters nor the log.
 */
@NullMarked
package dev.eddy.engine.multi;

import org.jspecify.annotations.NullMarked;
