package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.graph.HopLimits;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.segment.SlotSearch.Way;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two hops where what matches is in many small regions, of which few are known at first and none is
 * within two hops of the query.
 */
final class ManyRegionsTest {
  private static final int ROWS = 12_000;
  private static final int DIMENSION = 32;
  private static final int K = 10;
  private static final int EF = 100;
  private static final int QUERIES = 300;

  /**
   * Of what is answered. The order of links is the builders' and moves recall from .79 to .85; a
   * search without stepping stones answers all queries, with .56 to .59.
   */
  private static final double RECALL_MIN = 0.7;

  /** Regions are balls around the points of a cubic lattice. */
  private static final float LATTICE = 0.66f;

  private static final double REGION_RADIUS = 0.14;
  private static final double QUERY_DISTANCE = 0.45;

  /** Asks so few nodes that most regions are not met by chance. */
  private static final HopLimits FEW_SEEDS = new HopLimits(48, 150, Long.MAX_VALUE);

  @TempDir Path folder;

  private static float[] place(Random random) {
    float[] place = new float[DIMENSION];
    for (int i = 0; i < 3; i++) {
      place[i] = 2 * random.nextFloat() - 1;
    }
    return place;
  }

  private static double fromRegionCentre(float[] place) {
    double sum = 0;
    for (int i = 0; i < 3; i++) {
      float offset = place[i] - LATTICE * Math.round(place[i] / LATTICE);
      sum += offset * offset;
    }
    return Math.sqrt(sum);
  }

  private VectorWorld world(boolean isFused, long seed) throws IOException {
    VectorFieldSettings settings =
        new VectorFieldSettings(
            "text", DIMENSION, Metric.EUCLID, new GraphParams(16, 100), 500, 1 << 20, 100, 0);
    FusedPolicy fused =
        isFused ? new FusedPolicy(500, new ByteBudget(1L << 30)) : FusedPolicy.none();
    VectorWorld world = new VectorWorld(seed, settings, fused, folder.resolve("world"));
    for (int slot = 0; slot < ROWS; slot++) {
      world.append(slot, place(world.random));
    }
    return world.settle();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void twoHopsFindTheNearestRegionOrGiveUp(boolean isFused) throws IOException {
    long seed = 17;
    try (VectorWorld world = world(isFused, seed)) {
      BitSet matching = new BitSet();
      world.vectors.forEach(
          (slot, row) -> matching.set(slot, fromRegionCentre(row) < REGION_RADIUS));
      VectorFieldSnapshot snapshot = world.field.snapshot();
      int answered = 0;
      int found = 0;
      for (int i = 0; i < QUERIES; i++) {
        float[] query = place(world.random);
        while (fromRegionCentre(query) < QUERY_DISTANCE) {
          query = place(world.random);
        }
        TopSlots top = new TopSlots(K);
        SlotSearch hops = new SlotSearch(K, EF, new Way.TwoHop(FEW_SEEDS));
        if (snapshot.search(query, hops, matching::get, top)) {
          List<Integer> exact = world.exact(query, K, matching::get);
          answered++;
          found += (int) VectorWorld.slots(top).stream().filter(exact::contains).count();
        }
      }
      snapshot.release();
      String what = "seed %d fused %s, %d answered".formatted(seed, isFused, answered);
      assertThat((double) found / Math.max(1, answered * K)).as(what).isGreaterThan(RECALL_MIN);
      assertThat(answered).as(what).isGreaterThan(QUERIES / 5);
    }
  }
}
