package dev.eddy.query.quota;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.FullMemory;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.NodeReport.MemoryReport;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import java.util.List;
import java.util.Optional;

/**
 * What nodes last said of the memory that their shards hold, and what that means for writes. What a
 * node said counts for three seconds: one that is silent holds up nobody. Safe from any thread.
 */
public final class ShardMemory {
  private final ClusterView view;
  private final String nodeId;

  /**
   * @param nodeId this node's own, as it reports it
   */
  public ShardMemory(ClusterView view, String nodeId) {
    this.view = requireNonNull(view, "view");
    this.nodeId = requireNonNull(nodeId, "nodeId");
  }

  /** Of this very node, at most seconds old; empty when it hosts no shards. */
  public Optional<MemoryReport> own() {
    return view.liveNodes().stream()
        .filter(node -> node.nodeId().equals(nodeId))
        .findFirst()
        .flatMap(node -> Optional.ofNullable(node.memory()));
  }

  /**
   * Lets a write that adds data to a collection pass, or not. One to a collection that is not known
   * passes here, to be refused elsewhere.
   *
   * @throws EddyException INSUFFICIENT_STORAGE
   */
  public void requireRoom(String nameOrAlias) {
    List<NodeReport> nodes = view.liveNodes();
    if (nodes.stream().noneMatch(FullMemory::isFull)) {
      return;
    }
    ClusterState state = view.state();
    state
        .resolve(nameOrAlias)
        .flatMap(generation -> FullMemory.of(generation, state, nodes))
        .ifPresent(node -> {
          throw refusal(node);
        });
  }

  /**
   * Lets a new collection pass, or not.
   *
   * @throws EddyException INSUFFICIENT_STORAGE
   */
  public void requireRoomAnywhere() {
    FullMemory.everywhere(view.liveNodes())
        .ifPresent(node -> {
          throw refusal(node);
        });
  }

  private static EddyException refusal(NodeReport node) {
    MemoryReport memory = requireNonNull(node.memory(), "memory");
    return new EddyException(
        ErrorCode.INSUFFICIENT_STORAGE,
        "Memory limit exceeded: the shards of node %s hold %s of heap (%s), the limit --shard-memory is %s; until they hold %s writes that add data are refused. Help: Delete points or collections, keep vectors on_disk, or raise the limit."
            .formatted(
                node.nodeId(),
                FullMemory.mib(memory.heldBytes()),
                FullMemory.parts(memory),
                FullMemory.mib(memory.limitBytes()),
                FullMemory.mib(memory.releaseBytes())));
  }
}
