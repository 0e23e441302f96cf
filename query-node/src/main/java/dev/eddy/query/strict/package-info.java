/**
 * The limits that a collection puts on what is asked of it: checked in front of reads and writes,
 * by the configuration alone. Knows no transport.
 */
@NullMarked
package dev.eddy.query.strict;

import org.jspecify.annotations.NullMarked;
