/** Puts a query node together. Knows every part of it; none of them knows this package. */
@NullMarked
package dev.eddy.query;

import org.jspecify.annotations.NullMarked;
