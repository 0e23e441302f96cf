/** Clocks, percentiles, processor time and the printed table. It must not know what is measured. */
@NullMarked
package dev.eddy.bench.measure;

import org.jspecify.annotations.NullMarked;
