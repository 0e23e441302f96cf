package dev.eddy.controller;

import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.NodeReport.ShardReport;
import dev.eddy.model.cluster.Placement;
import dev.eddy.model.cluster.Placement.Replica;
import dev.eddy.model.shard.ShardId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What live nodes report of their shards, by node and shard. */
record ServingShards(Map<String, NodeReport> nodes, Map<String, Map<ShardId, ShardReport>> shards) {
  static final String SERVING = "SERVING";
  static final String FAILED = "FAILED";

  static ServingShards of(List<NodeReport> live) {
    Map<String, NodeReport> nodes = new HashMap<>();
    Map<String, Map<ShardId, ShardReport>> shards = new HashMap<>();
    for (NodeReport report : live) {
      nodes.put(report.nodeId(), report);
      Map<ShardId, ShardReport> hosted = new HashMap<>();
      report.shards().forEach(shard -> hosted.put(shard.shard(), shard));
      shards.put(report.nodeId(), hosted);
    }
    return new ServingShards(nodes, shards);
  }

  Optional<NodeReport> node(String nodeId) {
    return Optional.ofNullable(nodes.get(nodeId));
  }

  /** What a live node reports of a shard. */
  Optional<ShardReport> report(String nodeId, ShardId shard) {
    Map<ShardId, ShardReport> hosted = shards.get(nodeId);
    return hosted == null ? Optional.empty() : Optional.ofNullable(hosted.get(shard));
  }

  /** Whether every reading replica serves, but for those on nodes that are not alive. */
  boolean serve(Placement placement) {
    for (int shard = 0; shard < placement.shards().size(); shard++) {
      ShardId id = new ShardId(placement.collectionId(), placement.generation(), shard);
      for (Replica replica : placement.reading(shard)) {
        boolean isServing =
            report(replica.nodeId(), id).map(each -> each.state().equals(SERVING)).orElse(false);
        if (nodes.containsKey(replica.nodeId()) && !isServing) {
          return false;
        }
      }
    }
    return true;
  }
}
