/** The server measured from outside, over its own ports. Knows nothing of its inside. */
@NullMarked
package dev.eddy.bench.server;

import org.jspecify.annotations.NullMarked;
