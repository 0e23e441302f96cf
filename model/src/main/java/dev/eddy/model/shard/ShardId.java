package dev.eddy.model.shard;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/** One shard of one generation of a collection. */
public record ShardId(UUID collectionId, int generation, int shard) {
  public ShardId {
    requireNonNull(collectionId, "collectionId");
  }

  @Override
  public String toString() {
    return collectionId + ".g" + generation + "/" + shard;
  }
}
