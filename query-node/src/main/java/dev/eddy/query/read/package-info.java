/** The way of a read: floors, fan-out, merge, second trip. Knows no transport. */
@NullMarked
package dev.eddy.query.read;

import org.jspecify.annotations.NullMarked;
