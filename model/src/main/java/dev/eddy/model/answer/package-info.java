/** What answers take in memory while they are made. Knows no transport and no shard. */
@NullMarked
package dev.eddy.model.answer;

import org.jspecify.annotations.NullMarked;
