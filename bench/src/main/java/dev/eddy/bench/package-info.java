/** The benchmarks' command line. It must not be known by anything that is measured. */
@NullMarked
package dev.eddy.bench;

import org.jspecify.annotations.NullMarked;
