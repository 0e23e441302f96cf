/**
 * Requests with their whole answers, kept as files that a person can read. Knows the doors of a
 * running Eddy, nothing behind them.
 */
@NullMarked
package dev.eddy.standalone.golden;

import org.jspecify.annotations.NullMarked;
