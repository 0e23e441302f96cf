package dev.eddy.query.collection;

import dev.eddy.model.usage.PlanSums;
import java.util.List;

/**
 * How a collection is searched, seen from one replica of each shard.
 *
 * @param shards index = shard
 */
public record CollectionSearches(List<Shard> shards) {
  /**
   * Of one replica.
   *
   * @param plans how filtered searches went
   */
  public record Shard(PlanSums plans) {}

  public CollectionSearches {
    shards = List.copyOf(shards);
  }
}
