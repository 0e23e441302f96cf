package dev.eddy.ingest.inbox;

import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.NodeReport.ShardReport;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.BrokenChain;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Which broken chains stay broken. A failed batch breaks chains for a moment and its writer starts
 * again by itself; only what shards keep reporting needs help. Owned by the pipeline's thread.
 */
final class BrokenChainWatch {
  private static final String SERVING = "SERVING";

  /** A chain that one shard reports as broken. */
  record Break(ShardId shard, BrokenChain chain) {}

  private final UUID inboxTopicId;
  private final long patienceNanos;
  private final Map<Break, Long> firstSeenNanos = new HashMap<>();

  BrokenChainWatch(UUID inboxTopicId, Duration patience) {
    this.inboxTopicId = inboxTopicId;
    this.patienceNanos = patience.toNanos();
  }

  /**
   * Breaks of the given partitions that were reported without a pause for as long as the patience
   * lasts. Each comes once; one that goes on comes again after another such time.
   */
  List<Break> due(List<NodeReport> nodes, Set<Integer> partitions, long nowNanos) {
    Map<Break, Long> seen = new HashMap<>();
    List<Break> due = new ArrayList<>();
    for (NodeReport node : nodes) {
      for (ShardReport shard : node.shards()) {
        // A replica that replays passes over breaks that healed long ago.
        if (!shard.state().equals(SERVING)) {
          continue;
        }
        for (BrokenChain chain : shard.brokenChains()) {
          if (chain.topicId().equals(inboxTopicId) && partitions.contains(chain.partition())) {
            Break found = new Break(shard.shard(), chain);
            seen.put(found, firstSeenNanos.getOrDefault(found, nowNanos));
          }
        }
      }
    }
    for (Map.Entry<Break, Long> entry : seen.entrySet()) {
      if (nowNanos - entry.getValue() >= patienceNanos) {
        due.add(entry.getKey());
        entry.setValue(nowNanos);
      }
    }
    firstSeenNanos.clear();
    firstSeenNanos.putAll(seen);
    return due;
  }
}
