/**
 * The shard service on the wire. Knows messages and statuses, and nothing of how a shard answers.
 */
@NullMarked
package dev.eddy.index.rpc;

import org.jspecify.annotations.NullMarked;
