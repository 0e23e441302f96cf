/**
 * The engine's shard in the form that hosting wants. Knows the engine; knows no log and no
 * transport.
 */
@NullMarked
package dev.eddy.index.fold;

import org.jspecify.annotations.NullMarked;
