/**
 * Seeded random requests against a running Eddy, and what must hold whatever is asked. Starts from
 * the requests of the golden files.
 */
@NullMarked
package dev.eddy.standalone.fuzz;

import org.jspecify.annotations.NullMarked;
