/** The way of a write up to its receipt: checks, bundling, append, wait. Knows no transport. */
@NullMarked
package dev.eddy.query.write;

import org.jspecify.annotations.NullMarked;
