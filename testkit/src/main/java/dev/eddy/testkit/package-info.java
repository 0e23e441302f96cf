/**
 * Real, small stand-ins for the world, for the tests of every module: a log in memory, a clock that
 * is told, a broker to share.
 *
 * <p>It must not know index nodes, query nodes or what a record means.
 */
@NullMarked
package dev.eddy.testkit;

import org.jspecify.annotations.NullMarked;
