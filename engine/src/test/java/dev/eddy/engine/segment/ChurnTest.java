package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.kernel.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
        assertThat(Graphs.meanDegree(churned))
            .isGreaterThanOrEqualTo(0.85 * Graphs.meanDegree(fresh));
      }
      assertThat(Graphs.unreachable(churned)).isEmpty();
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
}
