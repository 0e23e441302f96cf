/**
 * Rejected records, written once each. Knows no reason beyond the code and text that it is given.
 */
@NullMarked
package dev.eddy.ingest.deadletter;

import org.jspecify.annotations.NullMarked;
