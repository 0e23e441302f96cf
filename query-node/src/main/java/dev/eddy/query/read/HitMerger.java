package dev.eddy.query.read;

import dev.eddy.model.point.PointId;
import dev.eddy.model.shard.ShardService.Hit;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Merges the hits of several shards into one order: of which equals are decided by id. Stateless.
 */
final class HitMerger {
  private HitMerger() {}

  /** A hit and the list it came from. */
  record Merged(int source, Hit hit) {
    /** Both zeros are one. */
    float score() {
      return hit.score() + 0.0f;
    }
  }

  /**
   * The best hits.
   *
   * @param sources one list per shard; their own order does not matter
   * @param order of the merged list
   * @param excluded ids that are left out
   * @param offset hits left out at the start
   * @param limit hits wanted after those
   */
  static List<Merged> merge(
      List<List<Hit>> sources, HitOrder order, Set<PointId> excluded, int offset, int limit) {
    PriorityQueue<Merged> queue = new PriorityQueue<>(order.firstFirst());
    for (int source = 0; source < sources.size(); source++) {
      for (Hit hit : sources.get(source)) {
        if (!excluded.contains(hit.id())) {
          queue.add(new Merged(source, hit));
        }
      }
    }
    List<Merged> merged = new ArrayList<>(Math.min(limit, queue.size()));
    for (long rank = 0; !queue.isEmpty() && rank < (long) offset + limit; rank++) {
      Merged next = queue.poll();
      if (rank >= offset) {
        merged.add(next);
      }
    }
    return merged;
  }
}
