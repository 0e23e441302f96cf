package dev.eddy.query.write;

import dev.eddy.model.cluster.Generation;
import java.util.concurrent.CompletableFuture;

/** The end of a log, as far as the way of a write needs it. Safe from any thread. */
@FunctionalInterface
public interface LogAppender {

  /**
   * Appends a record to the partition of a shard. Appends of one thread to one partition keep their
   * order.
   *
   * @return the record's offset, once all in-sync replicas have it. Fails with a {@link
   *     LogDroppedException}, or with an {@code EddyException}: OVERLOADED, PAYLOAD_TOO_LARGE,
   *     UNAVAILABLE (nothing was appended), OUTCOME_UNKNOWN
   */
  CompletableFuture<Long> append(Generation generation, int shard, byte[] record);
}
