package dev.eddy.query.collection;

import dev.eddy.model.shard.MemoryUse;
import java.util.List;

/**
 * What a collection takes, seen from one replica of each shard. What of files the operating system
 * keeps in memory is not known.
 *
 * @param shards index = shard
 */
public record CollectionMemory(List<MemoryUse> shards) {
  public CollectionMemory {
    shards = List.copyOf(shards);
  }

  /** Of all shards together. */
  public MemoryUse total() {
    return MemoryUse.sum(shards);
  }
}
