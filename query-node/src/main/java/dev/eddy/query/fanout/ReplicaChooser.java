package dev.eddy.query.fanout;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.Placement;
import dev.eddy.model.cluster.Placement.Replica;
import dev.eddy.model.cluster.Placement.ReplicaState;
import dev.eddy.model.shard.ShardService;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** Ranks the replicas of a shard that may be read, the best first. Safe from any thread. */
final class ReplicaChooser {

  /** A replica in the read set that can be reached. */
  record Candidate(
      String nodeId, ShardService service, NodeLoad load, boolean isSuspected, double cost) {}

  private static final Comparator<Candidate> BEST_FIRST =
      Comparator.comparing(Candidate::isSuspected).thenComparingDouble(Candidate::cost);

  private final ShardDirectory directory;
  private final LongSupplier nanoClock;
  private final ConcurrentHashMap<String, NodeLoad> loads = new ConcurrentHashMap<>();

  ReplicaChooser(ShardDirectory directory, LongSupplier nanoClock) {
    this.directory = requireNonNull(directory, "directory");
    this.nanoClock = requireNonNull(nanoClock, "nanoClock");
  }

  /** Empty when nobody may be asked now. */
  List<Candidate> rank(ClusterState state, Generation generation, int shard) {
    Placement placement = state.placements().get(generation.collectionId());
    if (placement == null || shard >= placement.shards().size()) {
      return List.of();
    }
    List<Candidate> candidates = new ArrayList<>(2);
    for (Replica replica : placement.shards().get(shard)) {
      if (replica.state() != ReplicaState.READING) {
        continue;
      }
      directory
          .find(replica.nodeId())
          .ifPresent(service -> candidates.add(candidate(replica.nodeId(), service)));
    }
    if (candidates.size() > 1) {
      candidates.sort(BEST_FIRST);
    }
    return candidates;
  }

  private Candidate candidate(String nodeId, ShardService service) {
    NodeLoad load = loads.get(nodeId);
    if (load == null) {
      load = loads.computeIfAbsent(nodeId, id -> new NodeLoad(nanoClock));
    }
    // Both are read once: a sort must not see them change.
    return new Candidate(nodeId, service, load, load.isSuspected(), load.cost());
  }
}
