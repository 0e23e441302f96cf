package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.graph.HopLimits;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.search.FilteredSearch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of sealed segments lie by groups, and answers are as if they did not. */
final class RowLayoutTest {
  private static final int GROUPS = 9;
  private static final List<SlotSearch.Way> WAYS =
      List.of(
          SlotSearch.Way.WALK,
          new SlotSearch.Way.TwoHop(new HopLimits(20, 100, Long.MAX_VALUE)),
          new SlotSearch.Way.Codes(Long.MAX_VALUE));

  @TempDir Path folder;

  private static int group(int slot) {
    return (slot * 31 >>> 2) % (GROUPS + 1) - 1;
  }

  private static TestLayout layout() {
    return new TestLayout(7, RowLayoutTest::group);
  }

  private static VectorFieldSettings settings(Metric metric, int sealRows) {
    return new VectorFieldSettings(
        "text", 16, metric, new GraphParams(8, 64), 500, sealRows, 50, 0);
  }

  private static List<Segment> sealed(VectorWorld world) {
    return world.field.segments().stream().filter(SealedSegment.class::isInstance).toList();
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void scoresAndAnswersAreThoseOfRowsThatLieBySlot(Metric metric) throws IOException {
    FusedPolicy fused = new FusedPolicy(300, new ByteBudget(1L << 30));
    try (VectorWorld world = new VectorWorld(1, settings(metric, 1_000), fused, folder)) {
      world.append(1_000).awaitLinked();
      VectorFieldSnapshot heap = world.field.snapshot();
      world.layOut(layout()).settle();
      assertThat(sealed(world)).hasSize(1).allMatch(each -> each.slotOrder() != null);
      assertThat(layout().changes(sealed(world).getFirst())).isEqualTo(GROUPS);
      VectorFieldSnapshot laidOut = world.field.snapshot();
      int[] slots = laidOut.slots();
      assertThat(slots).isEqualTo(heap.slots());
      float[] query = world.vector();
      float[] heapScores = new float[slots.length];
      float[] scores = new float[slots.length];
      heap.score(query, slots, slots.length, heapScores);
      laidOut.score(query, slots, slots.length, scores);
      assertThat(scores).isEqualTo(heapScores);
      heap.release();
      laidOut.release();
      assertThat(world.recall(50, SlotSearch.nearest(10, 64), world.live::get)).isGreaterThan(0.95);
    }
  }

  /** Sealing at so many rows: all in one file, or in some and one that grows. */
  @ParameterizedTest
  @ValueSource(ints = {2_000, 700})
  void aLayoutComesAndGoesWhileSearchesGoOn(int sealRows) throws IOException {
    try (VectorWorld world = new VectorWorld(2, settings(Metric.EUCLID, sealRows), folder)) {
      world.append(2_200).settle();
      TestLayout layout = layout();
      layout.isKnown = false;
      world.layOut(layout).settle();
      assertThat(sealed(world)).as("not known").allMatch(each -> each.slotOrder() == null);
      layout.isKnown = true;
      searchUntilSettled(world);
      assertThat(sealed(world)).allMatch(each -> layout.changes(each) <= GROUPS);
      world.restart();
      List<Segment> restored = world.field.segments();
      world.settle();
      assertThat(world.field.segments()).as("nothing is laid out again").isEqualTo(restored);
      world.layOut(RowLayout.BY_SLOT);
      searchUntilSettled(world);
      assertThat(sealed(world)).isNotEmpty().allMatch(each -> each.slotOrder() == null);
      for (Segment segment : sealed(world)) {
        int[] slots = Arrays.copyOf(segment.slots(), segment.rowCount());
        assertThat(slots).isSorted();
      }
    }
  }

  @Test
  void filteredSearchesCountTheMatchesThatLieTogether() throws IOException {
    try (VectorWorld world = new VectorWorld(3, settings(Metric.EUCLID, 5_000), folder)) {
      world.append(5_000).settle();
      world.layOut(layout()).settle();
      Segment segment = sealed(world).getFirst();
      int[] ordinals = new int[world.vectors.lastKey() + 1];
      for (int ordinal = 0; ordinal < segment.rowCount(); ordinal++) {
        ordinals[segment.slots()[ordinal]] = ordinal;
      }
      VectorFieldSnapshot snapshot = world.field.snapshot();
      for (int every = 1; every < 4; every++) {
        BitSet matching = new BitSet();
        int step = every;
        world.live.stream().filter(slot -> slot % step == 0).forEach(matching::set);
        int[] slots = matching.stream().toArray();
        int together = 0;
        for (int i = 1; i < slots.length; i++) {
          together += ordinals[slots[i]] == ordinals[slots[i - 1]] + 1 ? 1 : 0;
        }
        assertThat(snapshot.countTogether(0, slots, slots.length)).isEqualTo(together);
        TopSlots top = new TopSlots(10);
        boolean isAnswered =
            new FilteredSearch(
                    snapshot,
                    new FilteredSearchTest.Bits(matching),
                    world.vector(),
                    SlotSearch.nearest(10, 64))
                .tryPlans(top);
        assertThat(top.size()).isEqualTo(isAnswered ? 10 : 0);
      }
      snapshot.release();
    }
  }

  private static void searchUntilSettled(VectorWorld world) {
    while (world.field.maintain(world.live::get) || !world.field.isSettled()) {
      assertThat(world.recall(1, SlotSearch.exact(10), world.live::get)).isEqualTo(1.0);
      assertThat(world.recall(1, SlotSearch.nearest(10, 64), world.live::get))
          .isGreaterThanOrEqualTo(0.5);
    }
    world.settle();
    assertThat(world.recall(50, SlotSearch.nearest(10, 64), world.live::get)).isGreaterThan(0.95);
  }

  @Test
  void rowsOfAGroupAreFoundOneBehindTheOther() throws IOException {
    try (VectorWorld world = new VectorWorld(3, settings(Metric.DOT, 1_000), folder)) {
      world.append(1_000).layOut(layout()).settle();
      SegmentView view = SegmentView.of(sealed(world).getFirst());
      for (int ordinal = 0; ordinal < view.rowCount(); ordinal++) {
        int slot = view.slots()[ordinal];
        assertThat(view.ordinalOf(slot)).isEqualTo(ordinal);
        assertThat(view.ordinalOf(slot, ordinal - 1)).isEqualTo(ordinal);
        assertThat(view.ordinalOf(slot, Math.max(-1, ordinal - 100))).isEqualTo(ordinal);
        assertThat(view.ordinalOf(slot, view.rowCount() - 1)).isEqualTo(ordinal);
      }
      for (int slot = -3; slot < view.lastSlot() + 3; slot++) {
        if (!world.live.get(Math.max(0, slot))) {
          assertThat(view.ordinalOf(slot)).as("slot %d", slot).isNegative();
        }
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void answersAreExactAfterAnyHistory(long seed) throws IOException {
    Random random = new Random(seed);
    VectorFieldSettings settings =
        settings(Metric.values()[random.nextInt(4)], 300 + random.nextInt(600));
    FusedPolicy fused =
        random.nextBoolean()
            ? FusedPolicy.none()
            : new FusedPolicy(256, new ByteBudget(random.nextInt(1, 1 << 22)));
    TestLayout layout = layout();
    try (VectorWorld world = new VectorWorld(seed, settings, fused, folder)) {
      for (int step = 0; step < 60; step++) {
        change(world, random, layout);
        check(world, random, "seed %d step %d".formatted(seed, step));
      }
      layout.isKnown = true;
      world.layOut(layout).settle();
      check(world, random, "seed %d settled".formatted(seed));
      assertThat(sealed(world)).allMatch(each -> layout.changes(each) <= GROUPS);
    }
  }

  private static void change(VectorWorld world, Random random, TestLayout layout)
      throws IOException {
    switch (random.nextInt(9)) {
      case 0, 1, 2 -> world.append(1 + random.nextInt(250));
      case 3 -> deleteSome(world, random);
      case 4 -> world.layOut(random.nextInt(3) == 0 ? RowLayout.BY_SLOT : layout);
      case 5 -> layout.isKnown = random.nextInt(3) > 0;
      case 6 -> world.field.maintain(world.live::get);
      case 7 -> world.settle();
      default -> {
        var _ = world.restart();
      }
    }
  }

  private static void deleteSome(VectorWorld world, Random random) {
    if (!world.vectors.isEmpty()) {
      int last = world.vectors.lastKey();
      int from = random.nextInt(last + 1);
      for (int slot = from; slot <= Math.min(last, from + random.nextInt(400)); slot++) {
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
    int wanted = random.nextInt(GROUPS + 1) - 1;
    boolean isOneGroup = random.nextBoolean();
    SlotAcceptor accept =
        slot -> world.live.get(slot) && (isOneGroup ? group(slot) == wanted : slot % 3 == 0);
    float[] query = world.vector();
    List<Integer> expected = world.exact(query, 10, accept);
    sameHits(world, query, expected, world.search(query, SlotSearch.exact(10), accept), where);
    VectorFieldSnapshot snapshot = world.field.snapshot();
    try {
      TopSlots top = new TopSlots(10);
      BitSet matching = new BitSet();
      world.live.stream().filter(accept::accept).forEach(matching::set);
      FilteredSearchTest.scanSketches(snapshot, query, matching, 10_000, top);
      sameHits(world, query, expected, VectorWorld.slots(top), where + " scanned");
      for (SlotSearch.Way way : WAYS) {
        top.reset(10);
        var _ = snapshot.search(query, new SlotSearch(10, 100, way), accept, top); // Or given up.
        assertThat(VectorWorld.slots(top))
            .as(where)
            .allMatch(accept::accept)
            .doesNotHaveDuplicates();
      }
      float[] copy = new float[world.settings.dimension()];
      world.live.stream()
          .forEach(slot -> {
            assertThat(snapshot.copyVector(slot, copy)).as(where).isTrue();
            assertThat(copy).as(where).isEqualTo(world.vectorOf(slot));
          });
      assertThat(snapshot.slots()).as(where).isSorted().doesNotHaveDuplicates();
    } finally {
      snapshot.release();
    }
  }

  private static void sameHits(
      VectorWorld world, float[] query, List<Integer> expected, List<Integer> found, String where) {
    assertThat(found).as(where).hasSameSizeAs(expected);
    for (int i = 0; i < found.size(); i++) {
      // Equal up to rounding, which may reorder ties.
      assertThat(world.similarity(query, world.vectorOf(found.get(i))))
          .as(where)
          .isCloseTo(world.similarity(query, world.vectorOf(expected.get(i))), within(1e-3));
    }
  }
}
