package dev.eddy.index.host;

import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.BrokenChain;
import dev.eddy.model.update.Update;
import java.util.List;

/**
 * What happens to shards, told at once. Called on writers' threads: it must be short and must not
 * throw.
 */
public interface ShardEvents {
  /** Nobody listens. */
  ShardEvents NONE = new ShardEvents() {};

  default void applied(Update update, long nanos) {}

  default void chainsBroken(ShardId shard, List<BrokenChain> chains) {}

  default void checkpointed(ShardId shard, long nanos) {}

  default void checkpointFailed(ShardId shard) {}

  /** A shard stopped. Halted = it won't be opened again without somebody's help. */
  default void failed(ShardId shard, boolean halted) {}

  /** The log does not continue the shard's state; the state was set aside. */
  default void logDiverged(ShardId shard) {}

  /** The shard's state or readiness changed: worth a report. */
  default void stateChanged(ShardId shard, ShardState state) {}

  /** The node's shards hold as much memory as they may, or not any more: worth a report. */
  default void memoryChanged(boolean isFull) {}

  /** The shard won't answer any more: whoever holds leases of it gives them back. */
  default void closing(ShardId shard) {}
}
