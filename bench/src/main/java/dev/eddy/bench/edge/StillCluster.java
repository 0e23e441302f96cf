package dev.eddy.bench.edge;

import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.CollectionAdmin;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.InboxEnds;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.Placement;
import dev.eddy.model.cluster.Placement.Replica;
import dev.eddy.model.cluster.Placement.ReplicaState;
import dev.eddy.model.cluster.QuotaConfig;
import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.CollectionSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** One node with one collection of one shard, for ever. */
final class StillCluster implements ClusterView, CollectionAdmin {
  static final String NODE = "bench";

  private final ClusterState state;

  StillCluster(String collection, CollectionSpec spec) {
    UUID id = UUID.randomUUID();
    Generation generation =
        new Generation(
            id,
            collection,
            1,
            Generation.State.ACTIVE,
            spec,
            "eddy." + collection + ".g1.log",
            UUID.randomUUID(),
            new InboxEnds(UUID.randomUUID(), List.of()),
            null,
            0);
    Placement placement =
        new Placement(id, 1, List.of(List.of(new Replica(NODE, ReplicaState.READING))), 0);
    state =
        new ClusterState(
            Map.of(collection, List.of(generation)), Map.of(), Map.of(id, placement), 1);
  }

  @Override
  public ClusterState state() {
    return state;
  }

  @Override
  public ClusterState readToEnd(Duration timeout) {
    return state;
  }

  @Override
  public ClusterState verified(Duration timeout) {
    return state;
  }

  @Override
  public void onChange(Consumer<ClusterState> listener) {
    listener.accept(state);
  }

  @Override
  public List<NodeReport> liveNodes() {
    return List.of();
  }

  @Override
  public void create(String name, CollectionSpec spec, Duration timeout) {
    throw still();
  }

  @Override
  public void update(String name, CollectionChange change, Duration timeout) {
    throw still();
  }

  @Override
  public boolean delete(String name, Duration timeout) {
    throw still();
  }

  @Override
  public void updateAliases(List<AliasAction> actions, Duration timeout) {
    throw still();
  }

  @Override
  public void setQuotas(QuotaConfig config, Duration timeout) {
    throw still();
  }

  private static UnsupportedOperationException still() {
    return new UnsupportedOperationException("collections of this benchmark do not change");
  }
}
