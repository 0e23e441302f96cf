/**
 * Distances between float rows, four rows per call, in SIMD and scalar form, and the arrays that
 * rows lie in. It must not know graphs, files or points.
 */
@NullMarked
package dev.eddy.engine.kernel;

import org.jspecify.annotations.NullMarked;
