/**
 * How texts become tokens, by Lucene's analysis. It must not know payloads, filters or models.
 *
 * <p>What a text becomes is part of what the log means: another version of Lucene may give other
 * tokens, so its version changes like a format.
 */
@NullMarked
package dev.eddy.text;

import org.jspecify.annotations.NullMarked;
