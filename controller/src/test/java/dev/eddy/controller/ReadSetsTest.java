package dev.eddy.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.controller.World.Seat;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.NodeReport.Role;
import dev.eddy.model.cluster.NodeReport.ShardReport;
import dev.eddy.model.cluster.Placement;
import dev.eddy.model.cluster.Placement.Replica;
import dev.eddy.model.cluster.Placement.ReplicaState;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.shard.ShardId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadSetsTest {
  private static final long LOG_END = 500; // What World answers.

  private final World world = new World();
  private Seat seat = world.elect("first");

  @BeforeEach
  void twoNodesAndAQueryNode() {
    world.addNode("q", Role.QUERY);
    world.addNode("a", Role.INDEX);
  }

  @Test
  void firstReplicasOfANewCollectionAreReadAtOnce() {
    world.addNode("b", Role.INDEX);
    create(2);

    assertThat(states()).isEqualTo(Map.of("a", ReplicaState.READING, "b", ReplicaState.READING));
  }

  @Test
  void aFurtherReplicaIsReadOnlyAfterItCaughtUpAllKnewItAndItReachedTheLogEnd() {
    create(2);
    world.areNodesPrompt = false;
    node("a", "SERVING", 1_000, 0);
    node("b", "REPLAYING", 3, 90_000);
    step(ReplicaState.CATCHING_UP);
    step(ReplicaState.CATCHING_UP);

    node("b", "SERVING", 400, 100);
    step(ReplicaState.JOINING);
    node("b", "SERVING", 600, 0);
    step(ReplicaState.JOINING); // The query node does not know yet.

    query(world.state().position());
    node("b", "SERVING", LOG_END - 1, 0);
    step(ReplicaState.JOINING); // It is known; the end of the log is not reached.

    node("b", "SERVING", LOG_END, 0);
    step(ReplicaState.READING);
  }

  @Test
  void aSilentReplicaLeavesFirstAndIsForgottenWhenAllKnow() {
    twoReplicas();
    node("a", "SERVING", 1_000, 0);
    world.nodes.remove("b");

    step(ReplicaState.LEAVING);
    step(ReplicaState.LEAVING);
    query(world.state().position());

    step(ReplicaState.CATCHING_UP);
  }

  @Test
  void aQueryNodeThatFallsSilentIsWaitedForThreeSecondsFromTheDecision() {
    twoReplicas();
    node("a", "SERVING", 1_000, 0);
    world.nodes.remove("b");
    step(ReplicaState.LEAVING);

    step(ReplicaState.LEAVING); // Begins to wait for the query node.
    world.nodes.remove("q");
    world.observedNanos += TimeUnit.MILLISECONDS.toNanos(2_999);
    step(ReplicaState.LEAVING);

    world.observedNanos += TimeUnit.MILLISECONDS.toNanos(1);
    step(ReplicaState.CATCHING_UP);
  }

  @Test
  void theLastThatCouldBeReadStaysWhateverHappensToIt() {
    twoReplicas();
    world.nodes.remove("a");
    world.nodes.remove("b");
    reconcile();
    reconcile();

    assertThat(states()).isEqualTo(Map.of("a", ReplicaState.READING, "b", ReplicaState.READING));
  }

  @Test
  void twoLateReplicasDoNotCountOnEachOther() {
    twoReplicas();
    node("a", "SERVING", 1, 5_001);
    node("b", "SERVING", 1, 5_001);
    reconcile();

    assertThat(states().values()).containsOnly(ReplicaState.READING);
  }

  @Test
  void aReplicaThatFallsSilentWhileJoiningHasToCatchUpAgain() {
    create(2);
    world.areNodesPrompt = false;
    node("a", "SERVING", 1_000, 0);
    node("b", "SERVING", 400, 0);
    step(ReplicaState.CATCHING_UP);
    step(ReplicaState.JOINING);
    reconcile();
    query(world.state().position());
    reconcile();

    world.nodes.remove("b");
    step(ReplicaState.CATCHING_UP);
  }

  @Test
  void fewerReplicasLeaveOneAfterTheOther() {
    world.addNode("b", Role.INDEX);
    world.addNode("c", Role.INDEX);
    create(3);
    seat.changes.update(
        "words",
        new dev.eddy.model.collection.CollectionChange(
            Map.of(), null, null, 1, null, null, null, null, null, null));
    for (int i = 0; i < 12; i++) {
      reconcile();
      assertThat(states().values()).contains(ReplicaState.READING);
    }

    assertThat(states().values()).containsExactly(ReplicaState.READING);
  }

  private void create(int replicas) {
    seat.changes.create(
        "words",
        CollectionSpec.of(Map.of("", VectorParams.of(4, Distance.DOT))).distributed(1, replicas));
  }

  private void step(ReplicaState expected) {
    reconcile();
    assertThat(states()).containsEntry("b", expected);
  }

  private void reconcile() {
    seat.confirmations.check();
    seat.readSets.reconcile();
  }

  private Map<String, ReplicaState> states() {
    return placement().shards().getFirst().stream()
        .collect(Collectors.toMap(Replica::nodeId, Replica::state));
  }

  private Placement placement() {
    return world.state().placements().values().iterator().next();
  }

  private void query(long position) {
    world.nodes.put(
        "q", new NodeReport("q", 1, Set.of(Role.QUERY), null, "h:1", position, List.of(), null));
  }

  private void node(String nodeId, String state, long position, long staleMs) {
    ShardId shard = new ShardId(placement().collectionId(), 1, 0);
    ShardReport report = new ShardReport(shard, state, position, position, staleMs, 0, "");
    Map<String, NodeReport> nodes = new HashMap<>(world.nodes);
    nodes.put(
        nodeId,
        new NodeReport(nodeId, 1, Set.of(Role.INDEX), "h:1", null, 0, List.of(report), null));
    world.nodes.putAll(nodes);
  }

  /** On a and b, with nodes that confirm nothing by themselves. */
  private void twoReplicas() {
    world.addNode("b", Role.INDEX);
    create(2);
    world.areNodesPrompt = false;
  }
}
