package dev.eddy.query.fanout;

import dev.eddy.model.cluster.Generation;
import java.util.concurrent.CompletableFuture;

/** Where logs end now. Safe from any thread. */
@FunctionalInterface
public interface LogEnds {

  /**
   * Asks the partition's leader for the offset that the next record will get. Everything
   * acknowledged before the call is below it.
   *
   * @return fails when the leader does not answer in time
   */
  CompletableFuture<Long> endOf(Generation generation, int shard);
}
