package dev.eddy.engine.segment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.graph.HeapLinks;
import dev.eddy.engine.graph.HopLimits;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.model.shard.VectorForms.Unfused;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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
      world.skip(Duration.ofMinutes(2));
      settleFused(world);
      assertThat(growing.isFusedGivenUp()).as("it would fail again").isTrue();
      assertThat(policy.budget().takenBytes()).isZero();
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

  /** Appends until there is no room for more; returns what somebody else has taken for that. */
  private static long exhaust(VectorWorld world, ByteBudget budget) {
    long others = budget.limitBytes() - budget.takenBytes();
    assertThat(budget.tryTake(others)).isTrue();
    while (growing(world).rowCodes() != null) {
      world.append(100);
      world.awaitLinked();
    }
    world.settle();
    assertThat(growing(world).fusedGraph()).isNull();
    assertThat(growing(world).isFusedGivenUp()).isTrue();
    assertThat(budget.takenBytes()).isEqualTo(others);
    return others;
  }

  /** Maintained as after a while without writes. */
  private static boolean isFused(VectorWorld world) {
    settleFused(world);
    return growing(world).fusedGraph() != null;
  }

  @Test
  void whatWasGivenUpForWantOfRoomComesBackWhenThereIsSome() throws IOException {
    ByteBudget budget = new ByteBudget(PLENTY);
    FusedPolicy policy = new FusedPolicy(500, budget);
    try (VectorWorld world = world(Metric.EUCLID, 24, policy)) {
      world.append(2_000);
      assertThat(isFused(world)).isTrue();
      for (int round = 0; round < 2; round++) {
        long others = exhaust(world, budget);
        assertThat(world.recall(40, SEARCH, world.live::get)).isGreaterThan(0.9);
        assertThat(world.field.stats().forms().unfused()).containsOnlyKeys(Unfused.MEMORY);
        world.skip(Duration.ofMinutes(2));
        assertThat(isFused(world)).as("without room").isFalse();
        assertThat(budget.takenBytes()).isEqualTo(others);

        budget.giveBack(others);
        assertThat(isFused(world)).as("with room").isTrue();
        assertThat(growing(world).isFusedGivenUp()).isFalse();
        assertThat(growing(world).optionalBytes()).isEqualTo(budget.takenBytes());
        assertThat(world.field.stats().forms().fused()).isEqualTo(growing(world).rowCount());
        assertThat(world.recall(40, SEARCH, world.live::get)).isGreaterThan(0.9);
        world.append(500).settle();
        assertThat(world.recall(40, SEARCH, world.live::get)).isGreaterThan(0.9);
        assertThat(world.recall(10, SlotSearch.exact(10), world.live::get)).isEqualTo(1.0);
      }
      List<int[]> before = links(world);
      world.restart();
      assertThat(links(world)).usingElementComparator(Arrays::compare).isEqualTo(before);
    }
    assertThat(budget.takenBytes()).as("given back").isZero();
  }

  @Test
  void roomIsLookedForAgainAfterAMinuteAndHasToBeEnoughForSomeGrowth() throws IOException {
    ByteBudget budget = new ByteBudget(PLENTY);
    FusedPolicy policy = new FusedPolicy(500, budget);
    try (VectorWorld world = world(Metric.COSINE, 100, policy)) {
      world.append(7_500).settle(); // More than four slabs, so that a quarter is one at least.
      assertThat(growing(world).fusedGraph()).isNotNull();
      long others = exhaust(world, budget);
      budget.giveBack(others);
      world.settle();
      assertThat(growing(world).isFusedGivenUp()).as("at once").isTrue();
      world.skip(Duration.ofMinutes(2));
      assertThat(budget.tryTake(PLENTY)).isTrue();
      int rows = growing(world).rowCount();
      while (!policy.hasRoomFor(world.settings, rows, 0)) {
        budget.giveBack(1 << 16);
      }
      world.settle();
      assertThat(growing(world).isFusedGivenUp()).as("hardly any room").isTrue();
      budget.giveBack(budget.takenBytes());
      world.settle();
      assertThat(growing(world).fusedGraph()).isNotNull();
    }
    assertThat(budget.takenBytes()).as("given back").isZero();
  }

  @Test
  void asManySlotsAsLinksAreTakenWhereThereIsRoomForNoMore() throws IOException {
    VectorFieldSettings settings =
        new VectorFieldSettings(
            "text", 24, Metric.COSINE, new GraphParams(16, 64), 500, 1 << 20, 100, 0);
    ByteBudget budget = new ByteBudget(PLENTY);
    FusedPolicy policy = new FusedPolicy(500, budget).wide();
    try (VectorWorld world = new VectorWorld(5, settings, policy, folder)) {
      world.append(2_000);
      assertThat(isFused(world)).isTrue();
      assertThat(slots(world)).isEqualTo(64);
      var _ = exhaust(world, budget);
      int grown = growing(world).rowCount() * 5 / 4;
      long narrow = FusedPolicy.bytesOf(settings, 32, grown);
      assertThat(narrow).isLessThan(FusedPolicy.bytesOf(settings, 64, grown));
      budget.giveBack(budget.takenBytes());
      assertThat(budget.tryTake(PLENTY - narrow)).isTrue();
      world.skip(Duration.ofMinutes(2));
      HeapSegment before = growing(world);
      assertThat(isFused(world)).isTrue();
      assertThat(slots(world)).isEqualTo(32);
      assertThat(world.field.stats().forms().slots()).isEqualTo(32L * before.rowCount());
      assertThat(world.recall(40, SEARCH, world.live::get)).isGreaterThan(0.9);

      budget.giveBack(PLENTY - narrow);
      world.configure(settings, new FusedPolicy(500, budget).wide());
      world.append(10).settle();
      assertThat(growing(world)).as("nothing is built anew for it").isEqualTo(before);
      assertThat(world.field.isOptimizing()).isFalse();
    }
    assertThat(budget.takenBytes()).as("given back").isZero();
  }

  private static int slots(VectorWorld world) {
    return requireNonNull(growing(world).fusedGraph()).blocks().slots();
  }

  @Test
  void whatIsStoppedDoesNotComeBack() throws IOException {
    ByteBudget budget = new ByteBudget(PLENTY);
    try (VectorWorld world = world(Metric.COSINE, 24, new FusedPolicy(500, budget))) {
      world.append(2_000);
      assertThat(isFused(world)).isTrue();
      FusedCodes stopped = requireNonNull(growing(world).fused());
      stopped.stop();
      budget.giveBack(exhaust(world, budget));
      world.skip(Duration.ofMinutes(2));
      world.settle();
      assertThat(growing(world).fused()).isEqualTo(stopped);
      assertThat(budget.takenBytes()).isZero();
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
      try (HeldPool held = new HeldPool(world.pool)) {
        held.awaitHeld(); // Nothing is linked from now on.
        world.append(6_000);
        assertThat(world.field.stats().unlinkedRows()).isEqualTo(6_000);
        assertThat(world.recall(60, SEARCH, world.live::get)).isGreaterThan(0.97);
        SlotAcceptor few = slot -> slot % 9 == 0;
        assertThat(world.recall(60, SEARCH, few)).isGreaterThan(0.97);
      }
    }
  }

  @Test
  void searchesGoOnWhileCodesAreMade() throws Exception {
    try (VectorWorld world = world(Metric.COSINE, 24, within(PLENTY))) {
      world.append(400).settle();
      try (Searcher searcher = new Searcher(world)) {
        for (int i = 0; i < 150; i++) {
          world.append(40);
          world.field.maintain(world.live::get);
          searcher.publish();
        }
        settleFused(world);
      }
      assertThat(world.recall(40, SEARCH, world.live::get)).isGreaterThan(0.9);
    }
  }

  @Test
  void searchesAndLinkingGoOnWhileCodesComeAndGo() throws Exception {
    MemoryBudget memory = new MemoryBudget(1L << 40);
    ByteBudget budget = new ByteBudget(PLENTY, memory);
    VectorFieldSettings settings = VectorWorld.settings(Metric.EUCLID, 24, 100);
    try (MemoryBudget.Account others = memory.open();
        VectorWorld world =
            new VectorWorld(5, settings, new FusedPolicy(500, budget), memory, folder)) {
      world.append(1_500).settle();
      try (Searcher searcher = new Searcher(world)) {
        for (int round = 0; round < 6; round++) {
          others.set(1L << 40);
          appendBeside(searcher, world);
          assertThat(growing(world).isFusedGivenUp()).isTrue();
          others.set(0);
          world.skip(Duration.ofMinutes(2));
          appendBeside(searcher, world);
          if (round % 2 > 0) { // Else it is given up while it is made.
            VectorWorld.await(() -> {
              world.field.maintain(world.live::get);
              return growing(world).fusedGraph() != null;
            });
          }
        }
      }
      world.settle();
      assertThat(growing(world).optionalBytes()).isEqualTo(budget.takenBytes());
      assertThat(world.recall(40, SEARCH, world.live::get)).isGreaterThan(0.9);
    }
    // What was given up while it was made gives back what it took then.
    VectorWorld.await(() -> memory.heldBytes() == 0);
    assertThat(budget.takenBytes()).as("given back once").isZero();
  }

  private static void appendBeside(Searcher searcher, VectorWorld world) {
    for (int i = 0; i < 10; i++) {
      world.append(20);
      world.field.maintain(world.live::get);
      searcher.publish();
    }
  }

  /** Searches on a thread of its own until it is closed, which fails when a search did. */
  private static final class Searcher implements AutoCloseable {
    private final VectorWorld world;
    private final float[] query;
    private final List<VectorFieldSnapshot> taken = new ArrayList<>();
    private volatile VectorFieldSnapshot current;
    private final AtomicBoolean isOver = new AtomicBoolean();
    private volatile @Nullable Throwable failure;
    private final Thread thread;

    Searcher(VectorWorld world) {
      this.world = world;
      this.query = world.vector();
      this.current = world.field.snapshot();
      taken.add(current);
      this.thread = Thread.ofPlatform().start(this::run);
    }

    private void run() {
      try {
        TopSlots top = new TopSlots(10);
        while (!isOver.get()) {
          top.reset(10);
          VectorFieldSnapshot seen = current;
          assertThat(seen.search(query, SEARCH, SlotAcceptor.ALL, top)).isTrue();
          assertThat(top.size()).isEqualTo(10);
          top.reset(10);
          assertThat(seen.search(query, EVEN, slot -> slot % 2 == 0, top)).isTrue();
          assertThat(VectorWorld.slots(top)).allMatch(slot -> slot % 2 == 0);
        }
      } catch (Throwable e) {
        failure = e;
      }
    }

    /** From now on it searches what there is. */
    void publish() {
      VectorFieldSnapshot next = world.field.snapshot();
      taken.add(next);
      current = next;
    }

    @Override
    public void close() throws InterruptedException {
      isOver.set(true);
      thread.join();
      taken.forEach(VectorFieldSnapshot::release);
      assertThat(failure).isNull();
    }
  }
}
