package dev.eddy.kafka.meta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.MetaChange;
import dev.eddy.model.cluster.Placement;
import dev.eddy.model.cluster.Placement.Replica;
import dev.eddy.model.cluster.Placement.ReplicaState;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ClusterStateFoldTest {
  private static final UUID ID = new UUID(1, 1);

  private final ClusterStateFold fold = new ClusterStateFold();

  @Test
  void aRecordWithoutOwnNumberHasThatOfItsOffset() {
    fold.apply(7, new MetaChange.GenerationSet(MetaChanges.creating(ID, "words", 1)));
    fold.apply(
        9,
        new MetaChange.PlacementSet(
            new Placement(
                ID,
                1,
                List.of(List.of(new Replica("a", ReplicaState.READING))),
                MetaChange.THIS_RECORD)));

    ClusterState state = fold.state();
    assertThat(state.generation(ID, 1).orElseThrow().metaNumber()).isEqualTo(7);
    assertThat(state.placement(ID).orElseThrow().version()).isEqualTo(9);
    assertThat(state.position()).isEqualTo(10);
  }

  @Test
  void aNumberThatARecordCarriesIsKept() {
    Generation active =
        MetaChanges.creating(ID, "words", 1).withMetaNumber(7).withState(Generation.State.ACTIVE);
    fold.apply(20, new MetaChange.GenerationSet(active));

    assertThat(fold.state().activeNamed("words").orElseThrow().metaNumber()).isEqualTo(7);
  }

  @Test
  void livesOfANameAreInOrderAndADroppedOneStaysUntilItIsForgotten() {
    Generation first = MetaChanges.creating(ID, "words", 1);
    fold.apply(0, new MetaChange.GenerationSet(MetaChanges.creating(new UUID(2, 2), "words", 2)));
    fold.apply(1, new MetaChange.GenerationSet(first.droppedAt(first.created())));

    assertThat(fold.state().generations().get("words"))
        .extracting(Generation::generation)
        .containsExactly(1, 2);

    fold.apply(2, new MetaChange.GenerationForgotten(ID, 1));

    assertThat(fold.state().generations().get("words"))
        .extracting(Generation::generation)
        .containsExactly(2);
  }

  @Test
  void theCounterOutlivesTheCollection() {
    fold.apply(0, new MetaChange.CounterSet("words", 4));
    fold.apply(1, new MetaChange.GenerationForgotten(ID, 4));

    assertThat(fold.state().counters()).containsEntry("words", 4);
    assertThat(fold.state().generations()).isEmpty();
  }

  @Test
  void offsetsWithoutRecordsMoveThePosition() {
    fold.apply(3, new MetaChange.AliasSet("w", "words"));
    fold.advance(5);
    fold.advance(4);

    assertThat(fold.state().position()).isEqualTo(5);
    assertThatThrownBy(() -> fold.apply(4, new MetaChange.AliasRemoved("w")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("offset 4 is below the position 5");
  }

  @Test
  void theLeaderIsTheLastOneElected() {
    fold.apply(0, new MetaChange.LeaderElected(1, "a", 10));
    fold.apply(4, new MetaChange.LeaderElected(2, "b", 11));

    assertThat(fold.state().currentLeader()).contains(new ClusterState.Leader(2, "b", 11, 4));
  }
}
