/** Time that clients may take. Knows threads and clocks, no transport. */
@NullMarked
package dev.eddy.query.watch;

import org.jspecify.annotations.NullMarked;
