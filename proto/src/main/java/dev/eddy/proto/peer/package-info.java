/**
 * Changes of collections that one query node forwards to another, as messages.
 *
 * <p>It must not know who carries the calls.
 */
@NullMarked
package dev.eddy.proto.peer;

import org.jspecify.annotations.NullMarked;
