/**
 * Answering questions about one moment of a shard: nearest neighbours, filters, selected parts of
 * points. It must not know how that moment came about, nor the log.
 */
@NullMarked
package dev.eddy.engine.search;

import org.jspecify.annotations.NullMarked;
