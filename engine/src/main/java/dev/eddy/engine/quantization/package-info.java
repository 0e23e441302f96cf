/**
 * Codes of a few bits per dimension that stand for vectors while candidates are gathered. It must
 * not know graphs, files nor segments.
 */
@NullMarked
package dev.eddy.engine.quantization;

import org.jspecify.annotations.NullMarked;
