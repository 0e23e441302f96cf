package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.graph.EntryPoint;
import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.graph.GraphView;
import dev.eddy.engine.kernel.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Graphs stay as good as new while points come and go. */
final class ChurnTest {
  private static final int ROUNDS = 50;
  private static final int POINTS = 12_000;
  private static final double CHURN = 0.02;
  private static final int QUERIES = 400;

  /** Half a point of recall. */
  private static final double RECALL_LOSS_MAX = 0.005;

  @TempDir Path folder;

  /** Sealing at so many rows: all on the heap, or in files that are merged and rebuilt. */
  @ParameterizedTest
  @CsvSource({"1000000, 11", "3000, 12"})
  void afterFiftyRoundsOfTwoPercentRecallIsThatOfAFreshBuild(int sealRows, long seed)
      throws IOException {
    VectorFieldSettings settings =
        new VectorFieldSettings(
            "text", 24, Metric.EUCLID, new GraphParams(12, 80), 500, sealRows, 100, 0);
    try (VectorWorld churned = new VectorWorld(seed, settings, folder.resolve("churned"))) {
      churned.append(POINTS).settle();
      for (int round = 0; round < ROUNDS; round++) {
        churn(churned);
      }
      churned.settle();
      try (VectorWorld fresh = new VectorWorld(seed, settings, folder.resolve("fresh"))) {
        churned.live.stream().forEach(slot -> fresh.append(slot, churned.vectorOf(slot)));
        fresh.settle();
        for (int ef : new int[] {32, 64}) {
          assertThat(recall(churned, seed, ef))
              .as("seed %d, ef %d", seed, ef)
              .isGreaterThanOrEqualTo(recall(fresh, seed, ef) - RECALL_LOSS_MAX);
        }
        assertThat(meanDegree(churned)).isGreaterThanOrEqualTo(0.85 * meanDegree(fresh));
      }
      assertThat(unreachable(churned)).isEmpty();
    }
  }

  private static void churn(VectorWorld world) {
    List<Integer> live = new ArrayList<>(world.live.stream().boxed().toList());
    Collections.shuffle(live, world.random);
    int count = (int) (CHURN * live.size());
    live.subList(0, count).forEach(world::delete);
    world.append(count);
    world.field.maintain(world.live::get);
    world.awaitLinked();
    world.settle();
  }

  /** Of queries that are the same for both. */
  private static double recall(VectorWorld world, long seed, int ef) {
    Random before = new Random(seed + 1);
    double found = 0;
    for (int i = 0; i < QUERIES; i++) {
      float[] query = world.vector(before);
      List<Integer> expected = world.exact(query, 10, world.live::get);
      List<Integer> hits = world.search(query, SlotSearch.nearest(10, ef), world.live::get);
      found += hits.stream().filter(expected::contains).count();
    }
    return found / (10.0 * QUERIES);
  }

  private static double meanDegree(VectorWorld world) {
    long links = 0;
    long nodes = 0;
    for (Segment segment : world.field.segments()) {
      GraphView graph = segment.graph();
      if (graph != null) {
        int[] ids = new int[graph.maxLinks()];
        for (int node = 0; node < segment.linkedRows(); node++) {
          if (world.live.get(segment.slots()[node])) {
            links += graph.links(0, node, ids);
            nodes++;
          }
        }
      }
    }
    return (double) links / nodes;
  }

  /** Slots of live nodes that no path from their graph's entry leads to. */
  private static List<Integer> unreachable(VectorWorld world) {
    List<Integer> lost = new ArrayList<>();
    for (Segment segment : world.field.segments()) {
      if (segment.graph() != null) {
        BitSet reached = reached(segment);
        for (int node = 0; node < segment.linkedRows(); node++) {
          int slot = segment.slots()[node];
          if (world.live.get(slot) && !reached.get(node)) {
            lost.add(slot);
          }
        }
      }
    }
    return lost;
  }

  private static BitSet reached(Segment segment) {
    GraphView graph = Objects.requireNonNull(segment.graph(), "graph");
    int[] ids = new int[graph.maxLinks()];
    BitSet reached = new BitSet();
    ArrayDeque<Integer> queue = new ArrayDeque<>();
    int entry = EntryPoint.node(graph.entryPoint());
    reached.set(entry);
    queue.add(entry);
    while (!queue.isEmpty()) {
      int count = graph.links(0, queue.remove(), ids);
      for (int i = 0; i < count; i++) {
        if (!reached.get(ids[i])) {
          reached.set(ids[i]);
          queue.add(ids[i]);
        }
      }
    }
    return reached;
  }
}
