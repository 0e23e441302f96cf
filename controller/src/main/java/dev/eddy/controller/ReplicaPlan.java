package dev.eddy.controller;

import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.MetaChange;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.NodeReport.Role;
import dev.eddy.model.cluster.Placement;
import dev.eddy.model.cluster.Placement.Replica;
import dev.eddy.model.cluster.Placement.ReplicaState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Chooses nodes for replicas: distinct nodes, the least loaded first, nothing moved that has a
 * place. Counts as it goes, so that one plan spreads many shards evenly.
 */
final class ReplicaPlan {
  /** Live index nodes by the number of replicas they host. */
  private final Map<String, Integer> loads = new TreeMap<>();

  ReplicaPlan(ClusterState state, Collection<NodeReport> live) {
    live.stream()
        .filter(report -> report.roles().contains(Role.INDEX))
        .forEach(report -> loads.put(report.nodeId(), 0));
    state
        .placements()
        .values()
        .forEach(placement -> placement.shards().forEach(shard -> shard.forEach(this::count)));
  }

  private void count(Replica replica) {
    loads.computeIfPresent(replica.nodeId(), (node, load) -> load + 1);
  }

  /**
   * The first replicas of a generation. They are in the read set at once: there is no acknowledged
   * write that one of them could miss, because nobody writes before the generation is active.
   */
  Placement first(Generation generation) {
    List<List<Replica>> shards = new ArrayList<>();
    for (int shard = 0; shard < generation.spec().shardNumber(); shard++) {
      List<Replica> replicas = new ArrayList<>();
      while (replicas.size() < generation.spec().replicationFactor()) {
        Optional<String> node = next(replicas);
        if (node.isEmpty()) {
          break;
        }
        replicas.add(new Replica(node.get(), ReplicaState.READING));
      }
      shards.add(replicas);
    }
    return new Placement(
        generation.collectionId(), generation.generation(), shards, MetaChange.THIS_RECORD);
  }

  /** A further replica of a shard, which has to catch up first; none if no node is free. */
  Optional<Replica> further(List<Replica> replicas) {
    return next(replicas).map(node -> new Replica(node, ReplicaState.CATCHING_UP));
  }

  private Optional<String> next(List<Replica> replicas) {
    Optional<String> node =
        loads.entrySet().stream()
            .filter(each ->
                replicas.stream().noneMatch(replica -> replica.nodeId().equals(each.getKey())))
            .min(
                Comparator.comparing(Map.Entry<String, Integer>::getValue)
                    .thenComparing(Map.Entry::getKey))
            .map(Map.Entry::getKey);
    node.ifPresent(found -> loads.merge(found, 1, Integer::sum));
    return node;
  }
}
