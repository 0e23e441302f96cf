package dev.eddy.query.fanout;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.cluster.Generation;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.shard.ShardService.Bounds;

/**
 * What one read asks of every shard: which generation, how fresh, how long.
 *
 * @param minPositions index = shard; shared, never copied
 */
@SuppressWarnings("ArrayRecordComponent") // Made for one request, compared by nobody.
public record ReadScope(Generation generation, long[] minPositions, Deadline deadline) {
  public ReadScope {
    requireNonNull(generation, "generation");
    requireNonNull(deadline, "deadline");
  }

  public int shardCount() {
    return minPositions.length;
  }

  public ShardId shardId(int shard) {
    return generation.shard(shard);
  }

  /** The bounds of a call that starts now. */
  public Bounds bounds(int shard) {
    return new Bounds(minPositions[shard], deadline.remaining());
  }
}
