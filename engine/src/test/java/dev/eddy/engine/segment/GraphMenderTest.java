package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.graph.HeapLinks;
import dev.eddy.engine.kernel.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** At rest every live node of a growing graph is found, whatever links were lost. */
final class GraphMenderTest {
  @TempDir Path folder;

  @Test
  void nodesThatNothingLeadsToAreLinkedAtRestAndStaySo() throws IOException {
    VectorFieldSettings settings = VectorWorld.settings(Metric.EUCLID, 16, 100);
    try (VectorWorld world = new VectorWorld(1, settings, folder)) {
      world.append(3_000).settle();
      var _ = world.restart(); // So that its links are in a file before they change.
      world.settle();
      HeapSegment segment = growing(world);
      lose(segment, 7);
      List<Integer> lost = Graphs.unreachable(world);
      assertThat(lost).hasSizeGreaterThan(300);

      world.field.maintain(world.live::get);
      assertThat(segment.isMending()).as("in motion").isFalse();
      assertThat(world.field.hasUnsavedWork(false)).isFalse();

      world.rest();
      assertThat(Graphs.unreachable(world)).isEmpty();
      assertThat(notFound(world, lost)).hasSizeLessThanOrEqualTo(few(lost));
      assertThat(world.field.hasUnsavedWork(false)).isTrue();
      var _ = world.restart();
      assertThat(Graphs.unreachable(world)).as("saved").isEmpty();
      assertThat(world.field.hasUnsavedWork(false)).as("saved").isFalse();
    }
  }

  @Test
  void aGraphIsWalkedAgainOnlyWhenRowsHaveCome() throws IOException {
    VectorFieldSettings settings = VectorWorld.settings(Metric.EUCLID, 8, 100);
    try (VectorWorld world = new VectorWorld(2, settings, folder)) {
      world.append(1_000).settle().rest();
      lose(growing(world), 7);
      world.rest();
      assertThat(Graphs.unreachable(world)).as("nothing has come").isNotEmpty();
      world.append(1).rest();
      assertThat(Graphs.unreachable(world)).as("too little").isNotEmpty();
      world.skip(Duration.ofMinutes(1));
      world.rest();
      assertThat(Graphs.unreachable(world)).as("a minute later").isEmpty();
    }
  }

  /** With speed form and without; nodes of a graph without room, too. */
  @ParameterizedTest(name = "seed {0}, fused {1}")
  @CsvSource({"3, false", "4, false", "5, true", "6, true", "7, true", "8, false"})
  void afterAnyHistoryEveryLivePointIsReachedAgain(long seed, boolean isFused) throws IOException {
    Random random = new Random(seed);
    Metric metric = List.of(Metric.EUCLID, Metric.COSINE, Metric.MANHATTAN).get((int) seed % 3);
    VectorFieldSettings settings =
        VectorWorld.settings(metric, 8 + random.nextInt(20), 100 + random.nextInt(200));
    FusedPolicy fused =
        isFused ? new FusedPolicy(400, new ByteBudget(1L << 30)) : FusedPolicy.none();
    try (VectorWorld world = new VectorWorld(seed, settings, fused, folder)) {
      for (int round = 0; round < 4; round++) {
        world.append(400 + random.nextInt(800));
        List<Integer> live = world.live.stream().boxed().toList();
        live.stream().filter(_ -> random.nextInt(5) == 0).forEach(world::delete);
        world.settle();
        lose(growing(world), 2 + random.nextInt(50));
        world.append(100); // The graph may have been walked before it has lost them.
        if (random.nextBoolean()) {
          var _ = world.restart();
        }
        world.rest();
        assertThat(Graphs.unreachable(world)).as("seed %d round %d", seed, round).isEmpty();
        List<Integer> left = world.live.stream().boxed().toList();
        assertThat(notFound(world, left))
            .as("seed %d round %d", seed, round)
            .hasSizeLessThanOrEqualTo(few(left));
      }
    }
  }

  private static HeapSegment growing(VectorWorld world) {
    return (HeapSegment) world.field.segments().getLast();
  }

  /** Takes all links to every so-manieth node. */
  private static void lose(HeapSegment segment, int every) {
    HeapLinks links = Objects.requireNonNull(segment.heapLinks(), "links");
    int[] ids = new int[links.maxLinks()];
    for (int node = 0; node < segment.linkedRows(); node++) {
      int count = links.links(0, node, ids);
      int kept = 0;
      for (int i = 0; i < count; i++) {
        if (ids[i] % every != 1) {
          ids[kept++] = ids[i];
        }
      }
      links.set(0, node, ids, kept);
    }
  }

  /** A way leads to each node, but a beam may miss one: about one in ten thousand are. */
  private static int few(List<Integer> slots) {
    return 1 + slots.size() / 500;
  }

  private static List<Integer> notFound(VectorWorld world, List<Integer> slots) {
    SlotSearch search = SlotSearch.nearest(1, 64);
    return slots.stream()
        .filter(slot ->
            !world.search(world.vectorOf(slot), search, world.live::get).equals(List.of(slot)))
        .toList();
  }
}
