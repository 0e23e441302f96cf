/** Vectors to load, queries to ask and their exact answers. It must not know servers or engines. */
@NullMarked
package dev.eddy.bench.data;

import org.jspecify.annotations.NullMarked;
