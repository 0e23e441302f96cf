/**
 * Models that make vectors of what clients send in the place of a vector. There is one, {@code
 * qdrant/bm25}. Knows no transport and no collection.
 */
@NullMarked
package dev.eddy.text.inference;

import org.jspecify.annotations.NullMarked;
