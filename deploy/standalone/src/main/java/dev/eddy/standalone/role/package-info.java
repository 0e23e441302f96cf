/** Putting the parts of each role together in one process. Knows no command line. */
@NullMarked
package dev.eddy.standalone.role;

import org.jspecify.annotations.NullMarked;
