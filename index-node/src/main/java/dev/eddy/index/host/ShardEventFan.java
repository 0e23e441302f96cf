package dev.eddy.index.host;

import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.BrokenChain;
import dev.eddy.model.update.Update;
import java.util.List;

/** Tells several listeners, in order. */
public record ShardEventFan(List<ShardEvents> listeners) implements ShardEvents {
  public ShardEventFan {
    listeners = List.copyOf(listeners);
  }

  @Override
  public void applied(Update update, long nanos) {
    listeners.forEach(listener -> listener.applied(update, nanos));
  }

  @Override
  public void chainsBroken(ShardId shard, List<BrokenChain> chains) {
    listeners.forEach(listener -> listener.chainsBroken(shard, chains));
  }

  @Override
  public void checkpointed(ShardId shard, long nanos) {
    listeners.forEach(listener -> listener.checkpointed(shard, nanos));
  }

  @Override
  public void checkpointFailed(ShardId shard) {
    listeners.forEach(listener -> listener.checkpointFailed(shard));
  }

  @Override
  public void failed(ShardId shard, boolean halted) {
    listeners.forEach(listener -> listener.failed(shard, halted));
  }

  @Override
  public void logDiverged(ShardId shard) {
    listeners.forEach(listener -> listener.logDiverged(shard));
  }

  @Override
  public void stateChanged(ShardId shard, ShardState state) {
    listeners.forEach(listener -> listener.stateChanged(shard, state));
  }

  @Override
  public void memoryChanged(boolean isFull) {
    listeners.forEach(listener -> listener.memoryChanged(isFull));
  }

  @Override
  public void closing(ShardId shard) {
    listeners.forEach(listener -> listener.closing(shard));
  }
}
