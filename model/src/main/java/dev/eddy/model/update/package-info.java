/** What can happen to a shard, in log order, and the verdicts. Knows no encoding. */
@NullMarked
package dev.eddy.model.update;

import org.jspecify.annotations.NullMarked;
