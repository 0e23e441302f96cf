package dev.eddy.query.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.Placement.ReplicaState;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.query.fanout.ReplicaChooser.Candidate;
import dev.eddy.query.world.World;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplicaChooserTest {
  private static final CollectionSpec SPEC =
      CollectionSpec.of(Map.of("", VectorParams.of(2, Distance.DOT))).distributed(1, 3);

  private final AtomicLong nanos = new AtomicLong();
  private final World world = new World(3);
  private final Generation generation = world.create("c", SPEC);
  private final ReplicaChooser chooser = new ReplicaChooser(world, nanos::get);

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void onlyTheReadSetIsAsked() {
    world.view.set(world.withReplica(generation, 0, 1, ReplicaState.JOINING));
    world.view.set(world.withReplica(generation, 0, 2, ReplicaState.LEAVING));
    assertThat(ids()).containsExactly("node-0");
    world.view.set(world.withReplica(generation, 0, 0, ReplicaState.CATCHING_UP));
    assertThat(ids()).isEmpty();
  }

  @Test
  void theLeastLoadedComesFirst() {
    candidate("node-0").load().started();
    candidate("node-0").load().started();
    candidate("node-1").load().started();
    assertThat(ids()).containsExactly("node-2", "node-1", "node-0");
  }

  @Test
  void theFasterComesFirstUntilItsSlownessIsForgotten() {
    took("node-0", 5_000_000);
    took("node-1", 1_000_000);
    took("node-2", 3_000_000);
    assertThat(ids()).containsExactly("node-1", "node-2", "node-0");
    nanos.addAndGet(120_000_000_000L);
    took("node-1", 1_000_000);
    assertThat(ids()).endsWith("node-1");
  }

  @Test
  void aSuspectIsAskedLast() {
    took("node-1", 9_000_000);
    took("node-2", 9_000_000);
    candidate("node-0").load().suspect(1_000);
    assertThat(ids()).endsWith("node-0");
    nanos.addAndGet(1_000);
    assertThat(ids()).startsWith("node-0");
  }

  private void took(String node, long tookNanos) {
    NodeLoad load = candidate(node).load();
    load.started();
    load.ended(tookNanos);
  }

  private Candidate candidate(String node) {
    return ranked().stream()
        .filter(candidate -> candidate.nodeId().equals(node))
        .findFirst()
        .orElseThrow();
  }

  private List<String> ids() {
    return ranked().stream().map(Candidate::nodeId).toList();
  }

  private List<Candidate> ranked() {
    return chooser.rank(world.view.state(), generation, 0);
  }
}
