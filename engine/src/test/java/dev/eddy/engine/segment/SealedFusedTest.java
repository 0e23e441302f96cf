package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.quantization.CodeWidth;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sealed segments with the speed form of their graphs, against the exact answers. */
final class SealedFusedTest {
  private static final long PLENTY = 1L << 30;
  private static final SlotSearch SEARCH = SlotSearch.nearest(10, 100);

  @TempDir Path folder;

  private VectorWorld world(Metric metric, FusedPolicy policy) throws IOException {
    return new VectorWorld(5, VectorWorld.sealing(metric, 40, 2_000), policy, folder);
  }

  private static FusedPolicy within(long bytes) {
    return new FusedPolicy(500, new ByteBudget(bytes));
  }

  private static List<Segment> sealed(VectorWorld world) {
    return world.field.segments().stream().filter(SealedSegment.class::isInstance).toList();
  }

  private static void fill(VectorWorld world) {
    world.settle();
    world.skip(Duration.ofSeconds(6));
    VectorWorld.await(() -> {
      world.field.maintain(world.live::get);
      return !world.field.isBusy() && !world.field.isFilling();
    });
  }

  @Test
  void aSealedSegmentGoesOnWithWhatItHadWhileItGrew() throws IOException {
    FusedPolicy policy = within(PLENTY);
    try (VectorWorld world = world(Metric.EUCLID, policy)) {
      world.append(1_500).settle();
      FusedGraph grown = world.field.segments().getFirst().fusedGraph();
      assertThat(grown).isNotNull();
      world.append(500).settle();
      assertThat(sealed(world)).hasSize(1);
      assertThat(sealed(world).getFirst().fusedGraph()).isEqualTo(grown);
      long taken = policy.budget().takenBytes();
      assertThat(taken).isPositive();
      fill(world);
      assertThat(policy.budget().takenBytes()).isEqualTo(taken);
      assertThat(world.recall(40, SEARCH, world.live::get)).isGreaterThan(0.9);
    }
    assertThat(policy.budget().takenBytes()).as("given back").isZero();
  }

  /** Estimates leave most rows unread, as they do while a segment grows. */
  @Test
  void itsCodesServeScansToo() throws IOException {
    VectorFieldSettings settings = VectorWorld.sealing(Metric.COSINE, 128, 6_000);
    try (VectorWorld world = new VectorWorld(5, settings, within(PLENTY), folder)) {
      world.append(6_000);
      fill(world);
      assertThat(sealed(world)).hasSize(1);
      BitSet all = new BitSet();
      world.vectors.keySet().forEach(all::set);
      VectorFieldSnapshot snapshot = world.field.snapshot();
      float[] query = world.vectorOf(world.vectors.firstKey()); // So the best one stands out.
      TopSlots bySketches = new TopSlots(1);
      FilteredSearchTest.scanSketches(snapshot, query, all, 100, bySketches);
      assertThat(bySketches.fileRows()).isBetween(100L, 1_000L);
      SlotSearch codes = new SlotSearch(1, 100, new SlotSearch.Way.Codes(Long.MAX_VALUE));
      TopSlots byCodes = new TopSlots(1);
      assertThat(snapshot.search(query, codes, all::get, byCodes)).isTrue();
      assertThat(byCodes.fileRows()).isBetween(100L, 1_000L);
      snapshot.release();
    }
  }

  @Test
  void aRestoredOneGetsItAgain() throws IOException {
    for (Metric metric : new Metric[] {Metric.COSINE, Metric.DOT, Metric.EUCLID}) {
      FusedPolicy policy = within(PLENTY);
      try (VectorWorld world =
          new VectorWorld(
              5, VectorWorld.sealing(metric, 40, 2_000), policy, folder.resolve(metric.name()))) {
        world.append(4_300).settle();
        world.restart();
        assertThat(world.recall(20, SEARCH, world.live::get)).as("plainly").isGreaterThan(0.9);
        fill(world);
        assertThat(sealed(world)).isNotEmpty().allMatch(segment -> segment.fusedGraph() != null);
        assertThat(world.recall(40, SEARCH, world.live::get)).as("fused").isGreaterThan(0.9);
        SlotAcceptor some = slot -> world.live.get(slot) && slot % 7 == 0;
        // A graph of products is a poor one, walked plainly, too.
        assertThat(world.recall(40, SEARCH, some)).isGreaterThan(metric == Metric.DOT ? 0.7 : 0.9);
      }
      assertThat(policy.budget().takenBytes()).as("given back").isZero();
    }
  }

  @Test
  void withoutRoomCodesOrThePlainGraphAnswerAndRoomIsTakenWhenThereIsSome() throws IOException {
    ByteBudget budget = new ByteBudget(40L << 20);
    FusedPolicy policy = new FusedPolicy(500, budget);
    try (VectorWorld world = world(Metric.COSINE, policy)) {
      assertThat(budget.tryTake(40L << 20)).isTrue(); // Somebody else's.
      world.code(new CodeSettings(CodeWidth.FOUR, false)).append(2_500).settle();
      Segment sealed = sealed(world).getFirst();
      assertThat(sealed.fusedGraph()).isNull();
      assertThat(sealed.codeTable()).isNotNull();
      assertThat(world.recall(40, SEARCH, world.live::get)).isGreaterThan(0.9);
      budget.giveBack(40L << 20);
      world.skip(Duration.ofMinutes(2));
      fill(world);
      assertThat(sealed.fusedGraph()).isNotNull();
      assertThat(sealed.codeTable()).isNull();
      assertThat(world.recall(40, SEARCH, world.live::get)).isGreaterThan(0.9);
    }
    assertThat(budget.takenBytes()).isZero();
  }

  @Test
  void manyLinksGetAsManySlotsAsPay() {
    FusedPolicy wide = within(PLENTY).wide();
    assertThat(wide.slots(linked(16))).isEqualTo(64);
    assertThat(wide.slots(linked(48))).isEqualTo(128);
    assertThat(wide.isFor(linked(64))).isTrue();
    assertThat(wide.slots(linked(64))).isEqualTo(128);
    assertThat(wide.isFor(linked(65))).isFalse();
  }

  @Test
  void asManySlotsAsLinksWhereThereIsRoomForNoMore() {
    VectorFieldSettings settings = linked(16);
    long narrow = FusedPolicy.bytesOf(settings, 32, 5_000);
    long wide = FusedPolicy.bytesOf(settings, 64, 5_000);
    assertThat(within(wide).wide().slotsWithin(settings, 5_000)).isEqualTo(64);
    assertThat(within(wide).slotsWithin(settings, 5_000)).as("not asked for").isEqualTo(32);
    assertThat(within(wide - 1).wide().slotsWithin(settings, 5_000)).isEqualTo(32);
    assertThat(within(narrow).wide().hasRoomFor(settings, 5_000, 0)).isTrue();
    assertThat(within(narrow - 1).wide().hasRoomFor(settings, 5_000, 0)).isFalse();
    assertThat(within(narrow - 1).wide().hasRoomFor(settings, 5_000, 1)).isTrue();
    long few = FusedPolicy.bytesOf(settings, 64, 2_000);
    assertThat(few).as("in slabs").isLessThan(FusedPolicy.bytesOf(settings, 32, 2_000));
    assertThat(within(few).wide().hasRoomFor(settings, 2_000, 0)).isTrue();
  }

  @Test
  void aSealedSegmentGetsTheSlotsThatThereIsRoomFor() throws IOException {
    VectorFieldSettings settings =
        new VectorFieldSettings(
            "text", 128, Metric.COSINE, new GraphParams(16, 64), 500, 2_000, 50, 0);
    long narrow = FusedPolicy.bytesOf(settings, 32, 2_000);
    ByteBudget budget = new ByteBudget(PLENTY);
    FusedPolicy policy = new FusedPolicy(500, budget).wide();
    try (VectorWorld world = new VectorWorld(5, settings, policy, folder)) {
      long free = FusedPolicy.bytesOf(settings, 64, 2_000) - 1;
      assertThat(budget.tryTake(PLENTY)).isTrue(); // Somebody else's.
      world.append(2_000).settle();
      Segment sealed = sealed(world).getFirst();
      assertThat(sealed.fusedGraph()).isNull();

      budget.giveBack(free);
      world.skip(Duration.ofMinutes(2));
      fill(world);
      assertThat(budget.takenBytes()).isEqualTo(PLENTY - free + narrow);
      assertThat(world.field.stats().forms().fused()).isEqualTo(2_000);
      assertThat(world.field.stats().forms().slots()).isEqualTo(32 * 2_000);
      assertThat(world.recall(40, SEARCH, world.live::get)).isGreaterThan(0.9);

      budget.giveBack(PLENTY - free);
      world.configure(settings, new FusedPolicy(500, budget).wide());
      world.skip(Duration.ofMinutes(2));
      fill(world);
      assertThat(sealed(world)).as("nothing is built anew for it").containsExactly(sealed);
      assertThat(world.field.isOptimizing()).isFalse();
      world.restart();
      fill(world);
      assertThat(world.field.stats().forms().slots()).as("with room").isEqualTo(64 * 2_000);
    }
    assertThat(budget.takenBytes()).as("given back").isZero();
  }

  private static VectorFieldSettings linked(int m) {
    return new VectorFieldSettings(
        "text", 40, Metric.COSINE, new GraphParams(m, 100), 500, 2_000, 50, 0);
  }

  @Test
  void mergedSegmentsGetOneOfTheirOwn() throws IOException {
    FusedPolicy policy = within(PLENTY);
    try (VectorWorld world =
        new VectorWorld(5, VectorWorld.sealing(Metric.COSINE, 40, 800), policy, folder)) {
      for (int i = 0; i < 3; i++) {
        world.append(800).settle();
      }
      world.append(800);
      VectorWorld.await(() -> {
        world.field.maintain(world.live::get);
        return world.field.segments().getFirst().rowCount() > 1_500;
      });
      assertThat(sealed(world).getFirst().fusedGraph()).as("at once").isNotNull();
      world.append(100).settle();
      assertThat(sealed(world)).hasSize(1);
      fill(world);
      assertThat(sealed(world).getFirst().fusedGraph()).isNotNull();
      assertThat(world.recall(40, SEARCH, world.live::get)).isGreaterThan(0.9);
    }
    assertThat(policy.budget().takenBytes()).as("given back").isZero();
  }
}
