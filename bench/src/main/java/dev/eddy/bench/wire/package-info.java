/**
 * The ways into a server, with as little work of the client as possible. It must not know what is
 * measured over them.
 */
@NullMarked
package dev.eddy.bench.wire;

import org.jspecify.annotations.NullMarked;
