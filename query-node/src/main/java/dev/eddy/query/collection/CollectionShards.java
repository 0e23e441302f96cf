package dev.eddy.query.collection;

import dev.eddy.model.cluster.Placement.ReplicaState;
import java.util.List;

/**
 * Where the shards of a collection are, seen from this node.
 *
 * @param peerId number of this node, as the contract's unsigned 64 bits
 * @param local one entry per shard that this process serves; in a cluster one may be listed here
 *     and under {@code remote}
 */
public record CollectionShards(
    long peerId, int shardCount, List<LocalShard> local, List<RemoteShard> remote) {

  public record LocalShard(int shard, long points, ReplicaState state) {}

  public record RemoteShard(int shard, long peerId, ReplicaState state) {}

  public CollectionShards {
    local = List.copyOf(local);
    remote = List.copyOf(remote);
  }
}
