/**
 * Indexes of declared payload fields: which slots have which values. They only tell faster what
 * {@link dev.eddy.engine.filter} tells from payloads, and are made from payloads anew when a shard
 * opens.
 */
@NullMarked
package dev.eddy.engine.field;

import org.jspecify.annotations.NullMarked;
