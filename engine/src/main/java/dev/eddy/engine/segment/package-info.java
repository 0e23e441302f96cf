/**
 * All vectors of one name of one shard: growing and sealed segments, their snapshots, searches and
 * files. It must not know points, payloads, versions or logs.
 */
@NullMarked
package dev.eddy.engine.segment;

import org.jspecify.annotations.NullMarked;
