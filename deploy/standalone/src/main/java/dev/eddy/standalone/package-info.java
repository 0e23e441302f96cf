/** The launcher's entry point. Knows the command line and nothing behind it. */
@NullMarked
package dev.eddy.standalone;

import org.jspecify.annotations.NullMarked;
