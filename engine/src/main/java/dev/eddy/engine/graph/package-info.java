/**
 * HNSW graphs over numbered rows (Malkov and Yashunin 2018): parallel building and searching, on
 * ordinals only. It must not know files, slots' points or threads' owners.
 */
@NullMarked
package dev.eddy.engine.graph;

import org.jspecify.annotations.NullMarked;
