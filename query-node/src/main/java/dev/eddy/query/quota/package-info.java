/**
 * How full this node is, and writes that are refused when it is too full. Knows the limits from the
 * metadata and the use from the operating system; no shard and no transport.
 */
@NullMarked
package dev.eddy.query.quota;

import org.jspecify.annotations.NullMarked;
