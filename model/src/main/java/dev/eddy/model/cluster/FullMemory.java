package dev.eddy.model.cluster;

import dev.eddy.model.cluster.NodeReport.MemoryReport;
import dev.eddy.model.shard.MemoryUse.Bytes;
import dev.eddy.model.shard.MemoryUse.Component;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which nodes' shards hold as much memory as they may, as their last reports say. A node that says
 * nothing for some seconds, or for ever, holds up nobody. Stateless.
 */
public final class FullMemory {
  private static final double MIB = 1 << 20;
  private static final int PARTS_TOLD = 4;

  private FullMemory() {}

  /** A full node that hosts a shard of the generation, if there is one. */
  public static Optional<NodeReport> of(
      Generation generation, ClusterState state, List<NodeReport> liveNodes) {
    return liveNodes.stream()
        .filter(FullMemory::isFull)
        .filter(node -> isHost(node.nodeId(), generation, state))
        .findFirst();
  }

  /** The ids of all full nodes. */
  public static Set<String> nodeIds(List<NodeReport> liveNodes) {
    return liveNodes.stream()
        .filter(FullMemory::isFull)
        .map(NodeReport::nodeId)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether one of these nodes hosts a shard of the generation. */
  public static boolean isAmong(Set<String> nodeIds, Generation generation, ClusterState state) {
    return nodeIds.stream().anyMatch(nodeId -> isHost(nodeId, generation, state));
  }

  /** A full node where all that host shards are full: nobody has room for a new collection. */
  public static Optional<NodeReport> everywhere(List<NodeReport> liveNodes) {
    List<NodeReport> hosts = liveNodes.stream().filter(node -> node.memory() != null).toList();
    return hosts.stream().allMatch(FullMemory::isFull)
        ? hosts.stream().findFirst()
        : Optional.empty();
  }

  /** Whether a node's shards hold as much as they may. */
  public static boolean isFull(NodeReport node) {
    MemoryReport memory = node.memory();
    return memory != null && memory.isFull();
  }

  private static boolean isHost(String nodeId, Generation generation, ClusterState state) {
    Placement placement = state.placements().get(generation.collectionId());
    if (placement == null) {
      return false;
    }
    for (int shard = 0; shard < placement.shards().size(); shard++) {
      if (placement.hosts(nodeId, shard)) {
        return true;
      }
    }
    return false;
  }

  /** What holds most of a node's heap, for people: the largest first, in MiB. */
  public static String parts(MemoryReport memory) {
    return memory.use().components().entrySet().stream()
        .filter(entry -> entry.getKey().isOnHeap())
        .sorted(
            Comparator.comparingLong(
                    (Map.Entry<Component, Bytes> entry) -> entry.getValue().memory())
                .reversed())
        .limit(PARTS_TOLD)
        .map(entry -> entry.getKey().label() + " " + mib(entry.getValue().memory()))
        .collect(Collectors.joining(", "));
  }

  /** Bytes for people. */
  public static String mib(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / MIB);
  }
}
