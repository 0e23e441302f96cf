package dev.eddy.engine.segment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.graph.HeapLinks;
import dev.eddy.engine.graph.HopLimits;
import dev.eddy.engine.kernel.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A field whose growing segment has fused codes, against the exact answers. */
final class FusedCodesTest {
  private static final long PLENTY = 1L << 30;
  private static final SlotSearch SEARCH = SlotSearch.nearest(10, 100);

  private static final SlotSearch EVEN =
      new SlotSearch(10, 100, new SlotSearch.Way.TwoHop(new HopLimits(48, 64, Long.MAX_VALUE)));

  @TempDir Path folder;

  private static FusedPolicy within(long bytes) {
    return new FusedPolicy(500, new ByteBudget(bytes));
  }

  private VectorWorld world(Metric metric, int dimension, FusedPolicy policy) throws IOException {
    return new VectorWorld(
        5, VectorWorld.settings(metric, dimension, 100), policy, folder.resolve(metric.name()));
  }

  private static void settleFused(VectorWorld world) {
    world.settle();
    world.field.maintain(world.live::get);
    world.skip(Duration.ofSeconds(6));
    VectorWorld.await(() -> {
      world.field.maintain(world.live::get);
      return !world.field.isFilling();
    });
  }

  @Test
  void findsTheNearestWithEveryMetricThatHasEstimates() throws IOException {
    for (Metric metric : new Metric[] {Metric.COSINE, Metric.DOT, Metric.EUCLID}) {
      FusedPolicy policy = within(PLENTY);
      try (VectorWorld world = world(metric, 24, policy)) {
        world.append(3_000);
        settleFused(world);
        assertThat(policy.budget().takenBytes()).as(metric.name()).isPositive();
        assertThat(world.recall(60, SEARCH, world.live::get)).as(metric.name()).isGreaterThan(0.9);
      }
      assertThat(policy.budget().takenBytes()).as("given back").isZero();
    }
  }

  @Test
  void similaritiesAreExact() throws IOException {
    try (VectorWorld world = world(Metric.EUCLID, 24, within(PLENTY))) {
      world.append(2_000);
      settleFused(world);
      float[] query = world.vector();
      TopSlots top = new TopSlots(10);
      VectorFieldSnapshot snapshot = world.field.snapshot();
      snapshot.search(query, SEARCH, world.live::get, top);
      top.sort();
      for (int i = 0; i < top.size(); i++) {
        assertThat(top.score(i)).isEqualTo(snapshot.score(query, top.slot(i)));
      }
      assertThat(top.size()).isEqualTo(10);
      snapshot.release();
    }
  }

  @Test
  void rowsThatComeLaterAreFoundAndDeadOnesAreNot() throws IOException {
    try (VectorWorld world = world(Metric.COSINE, 24, within(PLENTY))) {
      world.append(2_000);
      settleFused(world);
      for (int round = 0; round < 10; round++) {
        world.append(100);
        for (int i = 0; i < 50; i++) {
          world.delete(5 + world.random.nextInt(2_000 + 100 * round));
        }
        world.settle();
        assertThat(world.recall(20, SEARCH, world.live::get)).isGreaterThan(0.9);
      }
      SlotAcceptor few = slot -> world.live.get(slot) && slot % 7 == 0;
      assertThat(world.recall(40, SEARCH, few)).isGreaterThan(0.9);
    }
  }

  @Test
  void aRowThatCannotBeEncodedCostsTheCodesAlone() throws IOException {
    FusedPolicy policy = within(PLENTY);
    try (VectorWorld world = world(Metric.COSINE, 24, policy)) {
      world.append(2_000);
      settleFused(world);
      HeapSegment growing = (HeapSegment) world.field.segments().getLast();
      assertThat(growing.fusedGraph()).isNotNull();
      requireNonNull(growing.fused()).append(new float[1]);
      assertThat(growing.fusedGraph()).isNull();
      assertThat(growing.isFusedGivenUp()).isTrue();
      assertThat(policy.budget().takenBytes()).isZero();
      world.append(500).settle();
      assertThat(world.recall(40, SEARCH, world.live::get)).isGreaterThan(0.9);
    }
  }

  @Test
  void manyLinksTakeSeveralBlocksANode() throws IOException {
    VectorFieldSettings settings =
        new VectorFieldSettings(
            "text", 16, Metric.COSINE, new GraphParams(24, 64), 500, 1 << 20, 100, 0);
    try (VectorWorld world = new VectorWorld(8, settings, within(PLENTY), folder)) {
      world.append(2_500);
      settleFused(world);
      assertThat(world.recall(60, SEARCH, world.live::get)).isGreaterThan(0.95);
    }
  }

  @Test
  void slotsAreFilledOnlyWhenNoMoreRowsCome() throws IOException {
    try (VectorWorld world = world(Metric.COSINE, 24, within(PLENTY))) {
      world.append(2_000).settle();
      for (int i = 0; i < 20; i++) {
        world.skip(Duration.ofSeconds(4));
        world.append(200).settle();
        assertThat(world.field.isFilling()).as("beside a stream").isFalse();
      }
      // Filling that has begun can't end before it is seen.
      HeldPool held = new HeldPool(world.pool);
      world.skip(Duration.ofSeconds(6));
      world.field.maintain(world.live::get);
      assertThat(world.field.isFilling()).as("at rest").isTrue();
      held.close();
      VectorWorld.await(() -> !world.field.isFilling());
    }
  }

  @Test
  void withoutRoomThePlainGraphAnswers() throws IOException {
    for (long room : new long[] {0, 1 << 20, 5 << 20}) {
      FusedPolicy policy = within(room);
      try (VectorWorld world =
          new VectorWorld(
              5,
              VectorWorld.settings(Metric.COSINE, 24, 100),
              policy,
              folder.resolve("room-" + room))) {
        world.append(2_000).settle();
        world.append(9_000).settle();
        assertThat(policy.budget().takenBytes()).as("given back").isZero();
        assertThat(world.recall(40, SEARCH, world.live::get)).isGreaterThan(0.9);
      }
    }
  }

  @Test
  void aRestoredFieldGetsItsCodesAgain() throws IOException {
    FusedPolicy policy = within(PLENTY);
    try (VectorWorld world = world(Metric.COSINE, 24, policy)) {
      world.append(2_000);
      settleFused(world);
      world.restart();
      assertThat(world.recall(20, SEARCH, world.live::get)).isGreaterThan(0.9);
      settleFused(world);
      assertThat(policy.budget().takenBytes()).isPositive();
      assertThat(world.recall(20, SEARCH, world.live::get)).isGreaterThan(0.9);
    }
  }

  @Test
  void linksThatBlocksHoldAreStored() throws IOException {
    for (FusedPolicy policy : List.of(within(PLENTY), within(PLENTY).wide())) {
      Path place = folder.resolve("slots-" + policy.slotsPerLink());
      try (VectorWorld world =
          new VectorWorld(5, VectorWorld.settings(Metric.EUCLID, 24, 100), policy, place)) {
        world.append(2_000);
        settleFused(world);
        List<int[]> before = links(world);
        assertThat(growing(world).heapLinks()).isNotNull();
        assertThat(growing(world).optionalBytes())
            .as("what the node's memory has counted, no more and no less")
            .isEqualTo(policy.budget().takenBytes());
        world.restart();
        assertThat(links(world)).usingElementComparator(Arrays::compare).isEqualTo(before);
        HeapLinks restored = requireNonNull(growing(world).heapLinks());
        int[] filled = new int[restored.maxLinks()];
        for (int node = 0; node < 2_000; node++) {
          int count = restored.filled().links(0, node, filled);
          assertThat(Arrays.stream(filled, 0, count).allMatch(id -> id >= 0 && id < 2_000))
              .as("what fills %d", node)
              .isTrue();
        }
      }
    }
  }

  private static HeapSegment growing(VectorWorld world) {
    return (HeapSegment) world.field.segments().getLast();
  }

  private static List<int[]> links(VectorWorld world) {
    HeapLinks links = requireNonNull(growing(world).heapLinks());
    return IntStream.range(0, growing(world).rowCount())
        .mapToObj(node -> {
          int[] ids = new int[links.maxLinks()];
          return Arrays.copyOf(ids, links.links(0, node, ids));
        })
        .toList();
  }

  @Test
  void rowsThatWaitForTheGraphAreFoundByTheirCodes() throws IOException {
    VectorFieldSettings settings =
        new VectorFieldSettings(
            "text", 24, Metric.EUCLID, new GraphParams(8, 64), 1 << 20, 1 << 20, 100, 0);
    try (VectorWorld world = new VectorWorld(8, settings, within(PLENTY), folder)) {
      world.append(2_000);
      settleFused(world);
      world.pool.close(); // Nothing is linked from now on.
      world.append(6_000);
      assertThat(world.field.stats().unlinkedRows()).isEqualTo(6_000);
      assertThat(world.recall(60, SEARCH, world.live::get)).isGreaterThan(0.97);
      SlotAcceptor few = slot -> slot % 9 == 0;
      assertThat(world.recall(60, SEARCH, few)).isGreaterThan(0.97);
    }
  }

  @Test
  void searchesGoOnWhileCodesAreMade() throws Exception {
    try (VectorWorld world = world(Metric.COSINE, 24, within(PLENTY))) {
      world.append(400).settle();
      AtomicReference<VectorFieldSnapshot> current = new AtomicReference<>(world.field.snapshot());
      AtomicBoolean isOver = new AtomicBoolean();
      AtomicReference<Throwable> failure = new AtomicReference<>();
      float[] query = world.vector();
      Thread searcher =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  TopSlots top = new TopSlots(10);
                  while (!isOver.get()) {
                    top.reset(10);
                    VectorFieldSnapshot seen = java.util.Objects.requireNonNull(current.get());
                    assertThat(seen.search(query, SEARCH, SlotAcceptor.ALL, top)).isTrue();
                    assertThat(top.size()).isEqualTo(10);
                    top.reset(10);
                    assertThat(seen.search(query, EVEN, slot -> slot % 2 == 0, top)).isTrue();
                    assertThat(VectorWorld.slots(top)).allMatch(slot -> slot % 2 == 0);
                  }
                } catch (Throwable e) {
                  failure.set(e);
                }
              });
      List<VectorFieldSnapshot> taken = new java.util.ArrayList<>(List.of(current.get()));
      for (int i = 0; i < 150; i++) {
        world.append(40);
        world.field.maintain(world.live::get);
        VectorFieldSnapshot next = world.field.snapshot();
        taken.add(next);
        current.set(next);
      }
      settleFused(world);
      isOver.set(true);
      searcher.join();
      assertThat(failure.get()).isNull();
      taken.forEach(VectorFieldSnapshot::release);
      assertThat(world.recall(40, SEARCH, world.live::get)).isGreaterThan(0.9);
    }
  }
}
