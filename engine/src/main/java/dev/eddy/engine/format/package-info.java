/**
 * Reading and writing of checksummed binary files. It must not know graphs, points or what the
 * bytes mean.
 */
@NullMarked
package dev.eddy.engine.format;

import org.jspecify.annotations.NullMarked;
