/**
 * The server under measurement: starting it, finding it, looking at it from outside. It must not
 * know the engine.
 */
@NullMarked
package dev.eddy.bench.server;

import org.jspecify.annotations.NullMarked;
