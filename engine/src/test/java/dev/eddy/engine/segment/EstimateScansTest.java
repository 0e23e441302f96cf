package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.kernel.Normalizer;
import dev.eddy.engine.segment.SlotSearch.Way;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scans by sketches find the best; those by codes do, or say that they can't tell. */
final class EstimateScansTest {
  private static final long SEED = 31;
  private static final int DIMENSION = 32;
  private static final int ROWS = 6_000;
  private static final int K = 10;
  private static final int EF = 100;
  private static final int QUERIES = 20;

  @TempDir Path folder;

  private VectorWorld world(Metric metric) throws IOException {
    VectorFieldSettings settings =
        new VectorFieldSettings(
            "text", DIMENSION, metric, new GraphParams(8, 50), 500, 1 << 20, 100, 0);
    FusedPolicy fused = new FusedPolicy(500, new ByteBudget(1L << 30));
    VectorWorld world = new VectorWorld(SEED, settings, fused, folder.resolve("world"));
    return world.append(ROWS).settle();
  }

  /** Appends rows that differ little from one another; returns their slots. */
  private static BitSet appendAlike(VectorWorld world, int count) {
    float[] centre = world.vector();
    int first = world.vectors.lastKey() + 1;
    for (int i = 0; i < count; i++) {
      float[] row = centre.clone();
      for (int d = 0; d < DIMENSION; d++) {
        row[d] += (float) (0.01 * world.random.nextGaussian());
      }
      Normalizer.normalize(row);
      world.append(first + i, row);
    }
    BitSet slots = new BitSet();
    slots.set(first, first + count);
    return slots;
  }

  private static boolean bySketches(
      VectorFieldSnapshot snapshot, float[] query, BitSet matching, TopSlots top) {
    int best = SlotSearch.scoredAfterSketches(K, EF);
    FilteredSearchTest.scanSketches(snapshot, query, matching, best, top);
    return true;
  }

  private static boolean byCodes(
      VectorFieldSnapshot snapshot, float[] query, BitSet matching, TopSlots top) {
    return snapshot.search(
        query, new SlotSearch(K, EF, new Way.Codes(Long.MAX_VALUE)), matching::get, top);
  }

  private interface Scan {
    boolean isSure(VectorFieldSnapshot snapshot, float[] query, BitSet matching, TopSlots top);
  }

  /** Sure scans of all; these have to be right. */
  private static int sure(VectorWorld world, BitSet matching, Scan scan) {
    VectorFieldSnapshot snapshot = world.field.snapshot();
    int sure = 0;
    int found = 0;
    for (int i = 0; i < QUERIES; i++) {
      float[] query = world.vector();
      TopSlots top = new TopSlots(K);
      if (scan.isSure(snapshot, query, matching, top)) {
        List<Integer> exact = world.exact(query, K, matching::get);
        sure++;
        found += (int) VectorWorld.slots(top).stream().filter(exact::contains).count();
      }
    }
    snapshot.release();
    assertThat((double) found / Math.max(1, sure * K))
        .as("recall of %d sure scans, seed %d", sure, SEED)
        .isGreaterThan(sure == 0 ? -1 : 0.95);
    return sure;
  }

  @Test
  void rowsThatDifferLessThanEstimatesErrAreScored() throws IOException {
    try (VectorWorld world = world(Metric.COSINE)) {
      BitSet alike = appendAlike(world, 2_000);
      BitSet anywhere = new BitSet();
      world.vectors.keySet().stream()
          .filter(slot -> world.random.nextInt(4) == 0)
          .forEach(anywhere::set);
      world.settle();
      assertThat(sure(world, alike, EstimateScansTest::bySketches)).isEqualTo(QUERIES);
      assertThat(sure(world, alike, EstimateScansTest::byCodes)).isZero();
      assertThat(sure(world, anywhere, EstimateScansTest::bySketches)).isEqualTo(QUERIES);
      assertThat(sure(world, anywhere, EstimateScansTest::byCodes)).isGreaterThan(QUERIES / 2);
    }
  }

  @Test
  void aScanOfCodesEndsWhenItHasAskedForTooManyRows() throws IOException {
    try (VectorWorld world = world(Metric.COSINE)) {
      int[] tests = new int[1];
      SlotAcceptor none =
          slot -> {
            tests[0]++;
            return false;
          };
      VectorFieldSnapshot snapshot = world.field.snapshot();
      SlotSearch few = new SlotSearch(K, EF, new Way.Codes(1_000));
      assertThat(snapshot.search(world.vector(), few, none, new TopSlots(K))).isFalse();
      snapshot.release();
      assertThat(tests[0]).isBetween(1_000, 1_100);
    }
  }

  @Test
  void rowsWhoseEstimatesAreNoNumbersAreScored() throws IOException {
    try (VectorWorld world = world(Metric.EUCLID)) {
      int first = world.vectors.lastKey() + 1;
      BitSet far = new BitSet();
      for (int slot = first; slot < first + 20; slot++) {
        float[] row = world.vector();
        row[slot % DIMENSION] = 1e20f;
        world.append(slot, row);
        far.set(slot);
      }
      world.settle();
      assertThat(sure(world, far, EstimateScansTest::bySketches)).isEqualTo(QUERIES);
      assertThat(sure(world, far, EstimateScansTest::byCodes)).isZero();
    }
  }
}
