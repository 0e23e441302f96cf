package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.graph.HopLimits;
import dev.eddy.engine.kernel.ElementType;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.quantization.CodeWidth;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random appends, deletes, maintenance and restarts, with speed forms and codes and without: an
 * exact search is exact, a graph search nearly so, and neither returns what it must not.
 */
final class VectorFieldPropertyTest {
  private static final List<SlotSearch.Way> WAYS =
      List.of(
          SlotSearch.Way.WALK,
          new SlotSearch.Way.TwoHop(new HopLimits(20, 100, Long.MAX_VALUE)),
          new SlotSearch.Way.Codes(Long.MAX_VALUE));

  private static final int K = 10;

  /** Up to so many rows in all, every way is a scan. */
  private static final int SCANNED_ROWS = 50;

  private static final double RECALL_MIN = 0.99;

  /** Of what graphs found in a history. */
  private int found;

  private int wanted;

  @TempDir Path folder;

  /** Every metric with every form. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void answersAgreeWithAnExactScanAfterAnyHistory(long seed) throws IOException {
    check(seed, Metric.values()[(int) (seed % 4)], ElementType.FLOAT32);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24})
  void soTheyDoOfHalves(long seed) throws IOException {
    check(seed, Metric.values()[(int) (seed % 4)], ElementType.FLOAT16);
  }

  /** Which are not of unit length. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {25, 26, 27, 28, 29, 30, 31, 32, 33})
  void soTheyDoOfWholeNumbers(long seed) throws IOException {
    List<Metric> metrics = List.of(Metric.DOT, Metric.EUCLID, Metric.MANHATTAN);
    check(seed, metrics.get((int) (seed / 3 % 3)), ElementType.UINT8);
  }

  private void check(long seed, Metric metric, ElementType type) throws IOException {
    // Neighbouring seeds begin alike: the metric was the same for all of them.
    Random random = new Random(new SplittableRandom(seed).nextLong());
    VectorFieldSettings settings =
        VectorWorld.sealing(metric, 1 + random.nextInt(20), 300 + random.nextInt(600)).with(type);
    FusedPolicy fused =
        seed % 3 == 1 ? new FusedPolicy(256, new ByteBudget(1L << 30)) : FusedPolicy.none();
    try (VectorWorld world = new VectorWorld(seed, settings, fused, folder)) {
      if (seed % 3 == 2) {
        world.code(new CodeSettings(CodeWidth.EIGHT, random.nextBoolean()));
      }
      for (int step = 0; step < 60; step++) {
        switch (random.nextInt(6)) {
          case 0, 1, 2 -> world.append(1 + random.nextInt(200));
          case 3 -> deleteSome(world, random);
          case 4 -> world.field.maintain(world.live::get);
          default -> {
            if (random.nextInt(4) == 0) {
              world.restart();
            }
          }
        }
        check(world, random, "seed %d step %d".formatted(seed, step));
      }
      world.settle();
      for (int i = 0; i < 20; i++) {
        check(world, random, "seed %d settled".formatted(seed));
      }
      // Products of whole numbers, none below 0, are won by the longest vectors: hard for graphs.
      boolean isHard = type == ElementType.UINT8 && metric == Metric.DOT;
      assertThat((double) found / wanted)
          .as("recall, seed %d", seed)
          .isGreaterThan(isHard ? RECALL_MIN - 0.04 : RECALL_MIN);
    }
  }

  private static void deleteSome(VectorWorld world, Random random) {
    if (!world.vectors.isEmpty()) {
      int last = world.vectors.lastKey();
      int from = random.nextInt(last + 1);
      int to = Math.min(last, from + random.nextInt(400));
      for (int slot = from; slot <= to; slot++) {
        if (random.nextInt(3) > 0) {
          world.delete(slot);
        }
      }
    }
  }

  private void check(VectorWorld world, Random random, String where) {
    if (world.vectors.isEmpty()) {
      return;
    }
    float[] query = world.vector();
    int modulus = 1 + random.nextInt(3);
    SlotAcceptor accept = slot -> world.live.get(slot) && slot % modulus == 0;
    List<Integer> expected = world.exact(query, K, accept);
    List<Integer> exact = world.search(query, SlotSearch.exact(K), accept);
    // Equal up to rounding: compare by similarity, which ties may reorder.
    assertThat(exact).as(where).hasSameSizeAs(expected);
    for (int i = 0; i < exact.size(); i++) {
      double found = world.similarity(query, world.vectorOf(exact.get(i)));
      double best = world.similarity(query, world.vectorOf(expected.get(i)));
      assertThat(found).as(where).isCloseTo(best, org.assertj.core.data.Offset.offset(1e-3));
    }
    for (SlotSearch.Way way : WAYS) {
      TopSlots top = new TopSlots(K);
      VectorFieldSnapshot snapshot = world.field.snapshot();
      boolean isDone = snapshot.search(query, new SlotSearch(K, 100, way), accept, top);
      snapshot.release();
      List<Integer> hits = VectorWorld.slots(top);
      assertThat(hits).as(where).allMatch(accept::accept).doesNotHaveDuplicates();
      if (isDone) { // Else it was given up, and the caller would scan.
        compare(world, query, hits, expected, where);
      }
    }
  }

  private void compare(
      VectorWorld world, float[] query, List<Integer> hits, List<Integer> expected, String where) {
    if (expected.isEmpty()) {
      return;
    }
    // By similarity: of rows that are as good, any will do.
    double worst = world.similarity(query, world.vectorOf(expected.getLast())) - 1e-3;
    long good =
        hits.stream().filter(hit -> world.similarity(query, world.vectorOf(hit)) >= worst).count();
    if (world.vectors.size() <= SCANNED_ROWS) {
      assertThat(good).as(where).isEqualTo(expected.size());
    }
    found += (int) good;
    wanted += expected.size();
  }
}
