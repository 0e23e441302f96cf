/**
 * Hosting shards: which ones this node holds, their lives, applying the log, waiting for positions.
 * Knows no transport and does not read Kafka itself: the tailer hands it batches.
 */
@NullMarked
package dev.eddy.index.host;

import org.jspecify.annotations.NullMarked;
