package dev.eddy.query.collection;

import dev.eddy.model.shard.VectorForms;
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
   * @param forms by what dense vectors are searched
   */
  public record Shard(PlanSums plans, VectorForms forms) {}

  public CollectionSearches {
    shards = List.copyOf(shards);
  }
}
