/**
 * Indexes of declared payload fields: which slots have which values. They only tell faster what
 * {@link dev.eddy.engine.filter} tells from payloads; checkpoints hold them, and they can be made
 * from payloads anew at any time.
 */
@NullMarked
package dev.eddy.engine.field;

import org.jspecify.annotations.NullMarked;
