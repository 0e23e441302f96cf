package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.kernel.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Other settings for a field that is in use. */
final class ReconfigureTest {
  private static final int ROWS = 4_000;

  @TempDir Path folder;

  private static VectorFieldSettings settings(
      int m, int efConstruct, int sealRows, int fullScanRows) {
    return new VectorFieldSettings(
        "text", 20, Metric.EUCLID, new GraphParams(m, efConstruct), 500, sealRows, fullScanRows, 0);
  }

  /** Sealing at so many rows: one that grows, or some in files and one that grows. */
  @ParameterizedTest
  @ValueSource(ints = {1_000_000, 900})
  void graphsAreBuiltAnewWhileSearchesGoOn(int sealRows) throws IOException {
    try (VectorWorld world =
        new VectorWorld(7, settings(8, 64, sealRows, 100), folder.resolve("world"))) {
      world.append(ROWS).settle();
      VectorFieldSettings other = settings(14, 90, sealRows, 100);
      world.configure(other, FusedPolicy.none());
      int searches = 0;
      while (world.field.maintain(world.live::get) || !world.field.isSettled() || searches < 20) {
        assertThat(world.recall(1, SlotSearch.nearest(10, 64), world.live::get))
            .as("search %d while graphs are built", searches)
            .isGreaterThanOrEqualTo(0.5);
        searches++;
      }
      world.settle();
      assertThat(graphs(world)).isNotEmpty().containsOnly(other.graph());
      assertThat(world.recall(50, SlotSearch.nearest(10, 64), world.live::get))
          .isGreaterThanOrEqualTo(0.95);
      world.restart();
      world.settle();
      assertThat(graphs(world)).isNotEmpty().containsOnly(other.graph());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000_000, 900})
  void aGraphComesAndGoes(int sealRows) throws IOException {
    try (VectorWorld world =
        new VectorWorld(8, settings(8, 64, sealRows, 100), folder.resolve("world"))) {
      world.append(ROWS).settle();
      world.configure(settings(0, 64, sealRows, 100), FusedPolicy.none());
      world.settle();
      assertThat(world.field.segments()).allMatch(segment -> segment.graph() == null);
      assertThat(world.recall(20, SlotSearch.nearest(10, 10), world.live::get)).isEqualTo(1.0);
      world.configure(settings(8, 64, sealRows, 100), FusedPolicy.none());
      world.append(10).settle();
      assertThat(graphs(world)).isNotEmpty().containsOnly(new GraphParams(8, 64));
      assertThat(world.field.stats().linkedRows()).isGreaterThan(ROWS / 2);
    }
  }

  /** Neither by merging them with what is loaded meanwhile, nor by clearing them of the dead. */
  @Test
  void withoutIndexingNoGraphIsLost() throws IOException {
    try (VectorWorld world =
        new VectorWorld(10, settings(8, 64, 500, 100), folder.resolve("world"))) {
      world.append(1_000).settle();
      assertThat(world.field.stats().linkedRows()).isEqualTo(1_000);
      world.configure(settings(8, 64, 500, Integer.MAX_VALUE), FusedPolicy.none());
      world.append(3_000).settle();
      assertThat(world.field.stats().linkedRows()).isEqualTo(1_000);
      for (int slot = 0; slot < 400; slot++) {
        world.delete(slot);
      }
      world.settle();
      long left = world.live.get(0, 1_000).cardinality();
      assertThat(world.field.stats().linkedRows()).isBetween(550L, 700L);
      assertThat(world.recall(20, SlotSearch.nearest(10, 64), world.live::get)).isGreaterThan(0.9);
      world.configure(settings(8, 64, 500, 100), FusedPolicy.none());
      world.append(10).settle();
      assertThat(world.field.stats().linkedRows()).isGreaterThan(left + 2_000);
    }
  }

  @Test
  void aLowerThresholdGivesRowsThatWereScannedAGraph() throws IOException {
    try (VectorWorld world =
        new VectorWorld(9, settings(8, 64, 1_000_000, 10_000), folder.resolve("world"))) {
      world.append(ROWS).settle();
      assertThat(world.field.stats().linkedRows()).isZero();
      world.configure(settings(8, 64, 1_000_000, 100), FusedPolicy.none());
      world.settle();
      assertThat(world.field.stats().linkedRows()).isEqualTo(ROWS);
    }
  }

  /** Sealing at so many rows; what is linked after a restart is what was before it. */
  @ParameterizedTest
  @ValueSource(ints = {1_000_000, 900})
  void aHigherThresholdLeavesGraphsThatAreThere(int sealRows) throws IOException {
    try (VectorWorld world =
        new VectorWorld(13, settings(8, 64, sealRows, 100), folder.resolve("world"))) {
      world.append(ROWS).settle();
      long linked = world.field.stats().linkedRows();
      world.configure(settings(8, 64, sealRows, Integer.MAX_VALUE), FusedPolicy.none());
      world.settle();
      assertThat(world.field.stats().linkedRows()).isEqualTo(linked);
      world.restart();
      world.settle();
      assertThat(world.field.stats().linkedRows()).isEqualTo(linked);
      assertThat(world.recall(20, SlotSearch.nearest(10, 64), world.live::get))
          .isGreaterThanOrEqualTo(0.9);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000_000, 1_500})
  void theSpeedFormComesAndGoes(int sealRows) throws IOException {
    ByteBudget budget = new ByteBudget(1L << 30);
    try (VectorWorld world =
        new VectorWorld(10, settings(8, 64, sealRows, 100), folder.resolve("world"))) {
      world.append(ROWS).settle();
      world.configure(world.settings, new FusedPolicy(1_000, budget));
      world.settle();
      assertThat(world.field.stats().forms().fused()).isGreaterThan(ROWS / 2);
      assertThat(world.recall(50, SlotSearch.nearest(10, 64), world.live::get))
          .isGreaterThanOrEqualTo(0.9);
      world.configure(world.settings, FusedPolicy.none());
      world.settle();
      assertThat(world.field.stats().forms().fused()).isZero();
    }
    assertThat(budget.takenBytes()).isZero();
  }

  /** The copy of what has been growing comes before what grows now. */
  @Test
  void whatIsBuiltAnewMayOutgrowGrowingMeanwhile() throws IOException {
    try (VectorWorld world =
        new VectorWorld(12, settings(8, 64, 2_000, 100), folder.resolve("world"))) {
      world.append(1_500).settle();
      // So many that the copy stays below what is sealed.
      world.vectors.keySet().stream().limit(1_000).toList().forEach(world::delete);
      world.configure(settings(6, 64, 2_000, 100), FusedPolicy.none());
      world.field.maintain(world.live::get);
      world.append(1_000);
      world.field.maintain(world.live::get);
      world.append(300).settle();
      world.append(200).settle();
      assertThat(world.recall(20, SlotSearch.exact(10), world.live::get)).isEqualTo(1.0);
      int before = -1;
      for (Segment segment : world.field.segments()) {
        for (int row = 0; row < segment.rowCount(); row++) {
          assertThat(segment.slots()[row]).isGreaterThan(before);
          before = segment.slots()[row];
        }
      }
      world.restart();
      world.settle();
      assertThat(world.recall(20, SlotSearch.exact(10), world.live::get)).isEqualTo(1.0);
    }
  }

  @Test
  void anotherDimensionIsRefused() throws IOException {
    try (VectorWorld world =
        new VectorWorld(11, settings(8, 64, 900, 100), folder.resolve("world"))) {
      VectorFieldSettings other = VectorWorld.sealing(Metric.EUCLID, 21, 900);
      assertThatThrownBy(() -> world.field.configure(other, FusedPolicy.none()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("dimension=21");
      assertThat(world.field.settings()).isEqualTo(world.settings);
    }
  }

  private static List<GraphParams> graphs(VectorWorld world) {
    List<GraphParams> graphs = new ArrayList<>();
    for (Segment segment : world.field.segments()) {
      if (segment.graph() != null) {
        graphs.add(segment.graphParams());
      }
    }
    return graphs;
  }
}
