/**
 * Values of varying length by slot, appended and kept in files. It must not know what the values
 * mean, nor what a point is.
 */
@NullMarked
package dev.eddy.engine.column;

import org.jspecify.annotations.NullMarked;
