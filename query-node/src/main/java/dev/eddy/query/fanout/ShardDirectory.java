package dev.eddy.query.fanout;

import dev.eddy.model.shard.ShardService;
import java.util.Optional;

/** Where nodes are reached. Safe from any thread. */
public interface ShardDirectory {

  /** The shard service of a node, if it is known how to reach it; that it answers is not said. */
  Optional<ShardService> find(String nodeId);

  /** Whether the node is this process. */
  default boolean isLocal(String nodeId) {
    return nodeId.equals(localNodeId());
  }

  /** This process's own node id. */
  String localNodeId();
}
