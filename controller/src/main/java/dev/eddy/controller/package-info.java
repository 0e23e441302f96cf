/**
 * One elected, fenced decider: collection changes, placement and the read sets.
 *
 * <p>It must not know what a request looks like from outside, nor how a shard works.
 */
@NullMarked
package dev.eddy.controller;

import org.jspecify.annotations.NullMarked;
