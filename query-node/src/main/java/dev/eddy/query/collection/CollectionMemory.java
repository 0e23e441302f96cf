package dev.eddy.query.collection;

import java.util.List;

/**
 * What a collection takes, seen from one replica of each shard.
 *
 * @param shards index = shard
 */
public record CollectionMemory(List<Use> shards) {

  /**
   * Bytes.
   *
   * @param disk of files; what of them the operating system keeps in memory is not known
   * @param ram held by the process itself
   */
  public record Use(long disk, long ram) {}

  public CollectionMemory {
    shards = List.copyOf(shards);
  }

  public Use total() {
    return new Use(
        shards.stream().mapToLong(Use::disk).sum(), shards.stream().mapToLong(Use::ram).sum());
  }
}
