/**
 * How the shards of a collection are reached and how fresh they must be. Knows no request of the
 * API and no transport of it.
 */
@NullMarked
package dev.eddy.query.fanout;

import org.jspecify.annotations.NullMarked;
