package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.graph.HopLimits;
import dev.eddy.engine.kernel.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random appends, deletes, maintenance and restarts: an exact search is exact, a graph search
 * nearly so, and neither returns what it must not.
 */
final class VectorFieldPropertyTest {
  private static final List<SlotSearch.Way> WAYS =
      List.of(
          SlotSearch.Way.WALK,
          new SlotSearch.Way.TwoHop(new HopLimits(20, 100, Long.MAX_VALUE)),
          new SlotSearch.Way.Codes(Long.MAX_VALUE));

  @TempDir Path folder;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void answersAgreeWithAnExactScanAfterAnyHistory(long seed) throws IOException {
    Random random = new Random(seed);
    Metric metric = Metric.values()[random.nextInt(4)];
    VectorFieldSettings settings =
        VectorWorld.sealing(metric, 1 + random.nextInt(20), 300 + random.nextInt(600));
    try (VectorWorld world = new VectorWorld(seed, settings, folder)) {
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
      check(world, random, "seed %d settled".formatted(seed));
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

  private static void check(VectorWorld world, Random random, String where) {
    if (world.vectors.isEmpty()) {
      return;
    }
    float[] query = world.vector();
    int modulus = 1 + random.nextInt(3);
    SlotAcceptor accept = slot -> world.live.get(slot) && slot % modulus == 0;
    List<Integer> expected = world.exact(query, 10, accept);
    List<Integer> exact = world.search(query, SlotSearch.exact(10), accept);
    // Equal up to rounding: compare by similarity, which ties may reorder.
    assertThat(exact).as(where).hasSameSizeAs(expected);
    for (int i = 0; i < exact.size(); i++) {
      double found = world.similarity(query, world.vectorOf(exact.get(i)));
      double best = world.similarity(query, world.vectorOf(expected.get(i)));
      assertThat(found).as(where).isCloseTo(best, org.assertj.core.data.Offset.offset(1e-3));
    }
    for (SlotSearch.Way way : WAYS) {
      TopSlots top = new TopSlots(10);
      VectorFieldSnapshot snapshot = world.field.snapshot();
      var _ = snapshot.search(query, new SlotSearch(10, 100, way), accept, top); // Or given up.
      snapshot.release();
      assertThat(VectorWorld.slots(top)).as(where).allMatch(accept::accept).doesNotHaveDuplicates();
    }
  }
}
