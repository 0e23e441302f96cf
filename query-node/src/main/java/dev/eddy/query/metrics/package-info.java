/** The numbers a query node shows. Knows names and registers them; decides nothing. */
@NullMarked
package dev.eddy.query.metrics;

import org.jspecify.annotations.NullMarked;
