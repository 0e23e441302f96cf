package dev.eddy.ingest.inbox;

import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.Origin;
import java.util.HashMap;
import java.util.Map;

/**
 * What one source partition has sent to each shard since it was last positioned. A new positioning
 * means a new chain: state that survived one would let a shard skip what was never sent. Owned by
 * the pipeline's thread.
 */
final class OriginChain {
  private final Map<ShardId, Long> lastSent = new HashMap<>();

  /** Records a send and returns the one before it, or {@link Origin#NONE} for the first. */
  long next(ShardId shard, long offset) {
    Long before = lastSent.put(shard, offset);
    return before == null ? Origin.NONE : before;
  }
}
