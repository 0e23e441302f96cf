package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.graph.GraphView;
import dev.eddy.engine.kernel.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Graphs that searches walk without fused codes get their empty places filled. */
final class PlaceFillingTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Metric.class)
  void atRestPlacesAreFilledAndStayFilledOverARestart(Metric metric) throws IOException {
    try (VectorWorld world = new VectorWorld(1, VectorWorld.settings(metric, 24, 100), folder)) {
      world.append(3_000).rest();
      checkPlaces(world);
      assertThat(taken(world, true)).isGreaterThan(1.2 * taken(world, false));
      assertThat(world.field.hasUnsavedWork(false)).isTrue();

      List<int[]> filled = rows(world, true);
      var _ = world.restart();
      assertThat(rows(world, true)).usingElementComparator(Arrays::compare).isEqualTo(filled);
      world.rest();
      checkPlaces(world);
      assertThat(taken(world, true)).isGreaterThan(1.2 * taken(world, false));
    }
  }

  @Test
  void whatIsFilledIsNotSavedAgain() throws IOException {
    try (VectorWorld world =
        new VectorWorld(4, VectorWorld.settings(Metric.EUCLID, 24, 100), folder)) {
      world.append(2_000).rest();
      var _ = world.restart();
      world.rest();
      var _ = world.restart();
      List<int[]> filled = rows(world, true);
      world.rest();
      assertThat(rows(world, true)).usingElementComparator(Arrays::compare).isEqualTo(filled);
      assertThat(world.field.hasUnsavedWork(false)).isFalse();
    }
  }

  @Test
  void linksThatComeLaterTakePlacesBack() throws IOException {
    try (VectorWorld world =
        new VectorWorld(2, VectorWorld.settings(Metric.EUCLID, 16, 100), folder)) {
      world.append(1_500).settle().rest();
      for (int round = 0; round < 4; round++) {
        world.append(700).settle();
        checkPlaces(world);
        world.rest();
        checkPlaces(world);
        assertThat(Graphs.unreachable(world)).as("round %d", round).isEmpty();
      }
      assertThat(world.recall(60, SlotSearch.nearest(10, 64), world.live::get)).isGreaterThan(0.97);
    }
  }

  @Test
  void mergedFilesHaveTheirPlacesFilled() throws IOException {
    int sealRows = 1_000;
    try (VectorWorld world =
        new VectorWorld(3, VectorWorld.sealing(Metric.COSINE, 16, sealRows), folder)) {
      for (int i = 0; i < 5; i++) {
        world.append(sealRows).settle();
      }
      world.live.stream().boxed().filter(slot -> slot % 7 == 0).toList().forEach(world::delete);
      world.settle();
      for (int life = 0; life < 2; life++) {
        List<Segment> merged =
            world.field.segments().stream()
                .filter(segment -> segment.rowCount() > sealRows)
                .filter(SealedSegment.class::isInstance)
                .toList();
        assertThat(merged)
            .isNotEmpty()
            .allMatch(segment -> taken(segment, true) > 1.2 * taken(segment, false));
        checkPlaces(world);
        assertThat(world.recall(60, SlotSearch.nearest(10, 64), world.live::get))
            .isGreaterThan(0.97);
        var _ = world.restart();
      }
    }
  }

  @Test
  void aSegmentThatRestedIsSealedWithWhatFilledIt() throws IOException {
    try (VectorWorld world =
        new VectorWorld(5, VectorWorld.sealing(Metric.EUCLID, 16, 2_000), folder)) {
      world.append(1_990).rest();
      double filled = taken(world, true);
      world.append(10).settle();
      Segment sealed = world.field.segments().getFirst();
      assertThat(sealed).isInstanceOf(SealedSegment.class);
      assertThat(taken(sealed, true)).isGreaterThan(0.95 * filled);
    }
  }

  @Test
  void fewRowsDoNotEndOrBeginIt() throws IOException {
    try (VectorWorld world =
        new VectorWorld(6, VectorWorld.settings(Metric.EUCLID, 16, 100), folder)) {
      world.append(2_000).settle();
      HeldPool held = new HeldPool(world.pool);
      world.skip(Duration.ofSeconds(6));
      world.field.maintain(world.live::get);
      assertThat(world.field.isFilling()).as("at rest").isTrue();
      world.append(20);
      held.close();
      VectorWorld.await(() -> !world.field.isFilling());
      assertThat(taken(world, true))
          .as("filled to its end")
          .isGreaterThan(1.2 * taken(world, false));

      world.settle();
      world.skip(Duration.ofSeconds(6));
      world.field.maintain(world.live::get);
      assertThat(world.field.isFilling()).as("20 of 2,000 more").isFalse();
      world.append(200).settle();
      held = new HeldPool(world.pool);
      world.skip(Duration.ofSeconds(6));
      world.field.maintain(world.live::get);
      assertThat(world.field.isFilling()).as("220 of 2,000 more").isTrue();
      held.close();
      VectorWorld.await(() -> !world.field.isFilling());
    }
  }

  private static void checkPlaces(VectorWorld world) {
    List<int[]> links = rows(world, false);
    List<int[]> filled = rows(world, true);
    for (int node = 0; node < links.size(); node++) {
      int[] row = filled.get(node);
      assertThat(row).as("node %d", node).startsWith(links.get(node)).doesNotHaveDuplicates();
    }
    for (Segment segment : world.field.segments()) {
      List<int[]> rows = rows(segment, true);
      for (int node = 0; node < rows.size(); node++) {
        int self = node;
        assertThat(Arrays.stream(rows.get(node)))
            .as("node %d", node)
            .allMatch(id -> id >= 0 && id < segment.linkedRows() && id != self);
      }
    }
  }

  private static double taken(VectorWorld world, boolean isFilled) {
    return rows(world, isFilled).stream().mapToInt(row -> row.length).average().orElseThrow();
  }

  private static double taken(Segment segment, boolean isFilled) {
    return rows(segment, isFilled).stream().mapToInt(row -> row.length).average().orElseThrow();
  }

  private static List<int[]> rows(VectorWorld world, boolean isFilled) {
    List<int[]> rows = new ArrayList<>();
    world.field.segments().forEach(segment -> rows.addAll(rows(segment, isFilled)));
    return rows;
  }

  private static List<int[]> rows(Segment segment, boolean isFilled) {
    List<int[]> rows = new ArrayList<>();
    if (segment.graph() == null) {
      return rows;
    }
    GraphView graph = Objects.requireNonNull(segment.graph(), "graph");
    GraphView read = isFilled ? graph.filled() : graph;
    int[] ids = new int[graph.maxLinks()];
    for (int node = 0; node < segment.linkedRows(); node++) {
      int count = read.links(0, node, ids);
      rows.add(Arrays.copyOf(ids, count));
    }
    return rows;
  }
}
