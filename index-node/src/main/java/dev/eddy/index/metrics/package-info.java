/**
 * The node's numbers for Prometheus. Knows no exposition format and no port; the registry is given.
 */
@NullMarked
package dev.eddy.index.metrics;

import org.jspecify.annotations.NullMarked;
