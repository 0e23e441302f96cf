package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.kernel.ElementType;
import dev.eddy.engine.kernel.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rebuilds begin only where the node's memory has room for what they make meanwhile. */
final class RebuildRoomTest {
  private static final int ROWS = 2_000;
  private static final int DIMENSION = 32;

  /** What a rebuild of so many rows reserves: rows, slots, and links of m = 6, and their order. */
  private static final long REBUILD = ROWS * (4L * DIMENSION + 4 + 16 + 4 * (2 * 12 + 1));

  @TempDir Path folder;

  private static VectorFieldSettings settings(int m, int sealRows) {
    return settings(m, sealRows, DIMENSION);
  }

  private static VectorFieldSettings settings(int m, int sealRows, int dimension) {
    return new VectorFieldSettings(
        "text", dimension, Metric.EUCLID, new GraphParams(m, 64), 500, sealRows, 50, 0);
  }

  /** A budget with room for so much. */
  private static MemoryBudget roomFor(long bytes) {
    return new MemoryBudget(bytes * 4 / 3 + 10);
  }

  private VectorWorld world(String name, VectorFieldSettings settings, MemoryBudget memory)
      throws IOException {
    return new VectorWorld(7, settings, FusedPolicy.none(), memory, folder.resolve(name));
  }

  private static void answers(VectorWorld world) {
    assertThat(world.recall(20, SlotSearch.exact(10), world.live::get)).isEqualTo(1.0);
    assertThat(world.recall(50, SlotSearch.nearest(10, 64), world.live::get)).isGreaterThan(0.9);
  }

  private static boolean isSealed(VectorWorld world, int m) {
    Segment first = world.field.segments().getFirst();
    return first instanceof SealedSegment && first.graphParams().m() == m;
  }

  @Test
  void withoutRoomRowsGoToAFileWithTheirGraphAndAreLinkedAnewLater() throws IOException {
    MemoryBudget memory = roomFor(REBUILD);
    try (MemoryBudget.Account others = memory.open();
        VectorWorld world = world("world", settings(8, 1 << 20), memory)) {
      world.append(ROWS).settle();
      others.set(1_000);
      world.configure(settings(6, 1 << 20), FusedPolicy.none());
      world.field.maintain(world.live::get);
      assertThat(memory.heldBytes()).as("nothing is copied").isEqualTo(1_000);
      world.append(100).settle();
      assertThat(isSealed(world, 8)).isTrue();
      assertThat(world.field.isOptimizing()).isTrue();
      assertThat(world.field.problem()).as("it only waits").isEmpty();
      assertThat(world.field.delay())
          .hasValueSatisfying(why -> assertThat(why).contains("2000 vectors", "waits for room"));
      answers(world);

      others.set(0);
      world.settle();
      assertThat(isSealed(world, 6)).isTrue();
      assertThat(world.field.isOptimizing()).isFalse();
      assertThat(world.field.delay()).isEmpty();
      assertThat(memory.heldBytes()).isZero();
      answers(world);
      world.restart();
      answers(world.settle());
    }
  }

  @Test
  void whatCanNeverHaveRoomIsTold() throws IOException {
    MemoryBudget memory = roomFor(REBUILD - 1_000);
    try (VectorWorld world = world("world", settings(8, ROWS), memory)) {
      world.append(ROWS).settle();
      world.configure(settings(6, ROWS), FusedPolicy.none());
      world.settle();
      assertThat(isSealed(world, 8)).isTrue();
      assertThat(world.field.problem())
          .hasValueSatisfying(
              why -> assertThat(why).contains("2000 vectors", "more than there can be room for"));
      answers(world);
      world.configure(settings(8, ROWS), FusedPolicy.none());
      world.settle();
      assertThat(world.field.problem()).isEmpty();
    }
  }

  /** Nobody has asked for it: there is nothing to put right. */
  @Test
  void mergesThatCanNeverHaveRoomAreNoProblem() throws IOException {
    MemoryBudget memory = roomFor(REBUILD);
    try (VectorWorld world = world("world", settings(6, ROWS / 2), memory)) {
      for (int i = 0; i < SegmentPolicy.MERGE_SEGMENTS; i++) {
        assertThat(world.field.delay()).isEmpty();
        world.append(ROWS / 2).settle();
      }
      assertThat(world.field.segments()).hasSize(SegmentPolicy.MERGE_SEGMENTS + 1);
      assertThat(world.field.problem()).isEmpty();
      assertThat(world.field.delay())
          .hasValueSatisfying(
              why -> assertThat(why).contains("4000 vectors", "more than there can be room for"));
    }
  }

  @Test
  void largeSegmentsWithoutRoomKeepNoSmallOnesFromBeingMerged() throws IOException {
    MemoryBudget memory = roomFor(REBUILD);
    try (VectorWorld world = world("world", merging(ROWS / 2), memory)) {
      for (int i = 0; i < SegmentPolicy.MERGE_SEGMENTS; i++) {
        world.append(ROWS / 2).settle();
      }
      assertThat(world.field.segments()).hasSize(SegmentPolicy.MERGE_SEGMENTS + 1);
      world.configure(merging(ROWS / 20), FusedPolicy.none());
      for (int i = 0; i < SegmentPolicy.MERGE_SEGMENTS; i++) {
        world.append(ROWS / 20).settle();
      }
      assertThat(world.field.segments()).hasSize(SegmentPolicy.MERGE_SEGMENTS + 2);
      assertThat(world.field.delay())
          .hasValueSatisfying(why -> assertThat(why).contains("4000 vectors"));
      answers(world);
    }
  }

  /** Whatever is of like size is merged. */
  private static VectorFieldSettings merging(int sealRows) {
    GraphParams graph = new GraphParams(6, 64);
    return new VectorFieldSettings(
        "text",
        DIMENSION,
        Metric.EUCLID,
        ElementType.FLOAT32,
        false,
        graph,
        500,
        sealRows,
        1 << 20,
        50,
        0);
  }

  @Test
  void aDeadHalfGoesToAFileWhereThereIsNoRoomForTheOther() throws IOException {
    MemoryBudget memory = roomFor(10_000);
    try (VectorWorld world = world("world", settings(8, 1 << 20), memory)) {
      world.append(9_000).settle();
      world.vectors.keySet().stream().limit(4_600).toList().forEach(world::delete);
      world.settle();
      assertThat(isSealed(world, 8)).isTrue();
      answers(world);
    }
  }

  /** Its file is made from the rows and links that are there. */
  @Test
  void theSpeedFormComesWithTheFileWithoutACopy() throws IOException {
    MemoryBudget memory = roomFor(1L << 30);
    try (MemoryBudget.Account others = memory.open();
        VectorWorld world = world("world", settings(8, 1 << 20), memory)) {
      world.append(ROWS).settle();
      others.set(1L << 30);
      ByteBudget budget = new ByteBudget(1L << 30);
      world.configure(world.settings, new FusedPolicy(1_000, budget));
      world.settle();
      assertThat(isSealed(world, 8)).isTrue();
      assertThat(world.field.stats().forms().fused()).isEqualTo(ROWS);
      assertThat(memory.heldBytes()).isEqualTo(1L << 30);
      answers(world);
    }
  }

  @Test
  void anotherPolicyOfTheSpeedFormIsNothingToAFieldThatHasNone() throws IOException {
    int dimension = 300;
    FusedPolicy policy = new FusedPolicy(1_000, new ByteBudget(1L << 30));
    for (int sealRows : new int[] {1_000, 1 << 20}) {
      try (VectorWorld world =
          world("seal-" + sealRows, settings(8, sealRows, dimension), MemoryBudget.unlimited())) {
        world.append(1_200).settle();
        var before = world.field.segments();
        world.configure(world.settings, policy);
        world.settle();
        assertThat(world.field.segments()).isEqualTo(before);
        assertThat(world.field.isOptimizing()).isFalse();
        world.configure(world.settings, policy.wide());
        world.settle();
        assertThat(world.field.segments()).isEqualTo(before);
      }
    }
  }

  @Test
  void twoFieldsDoNotBeginOnTheSameRoom() throws IOException {
    MemoryBudget memory = roomFor(REBUILD + REBUILD / 2);
    try (VectorWorld one = world("one", settings(8, ROWS), memory);
        VectorWorld other = world("other", settings(8, ROWS), memory)) {
      one.append(ROWS).settle();
      other.append(ROWS).settle();
      try (HeldPool _ = new HeldPool(one.pool)) {
        one.configure(settings(6, ROWS), FusedPolicy.none());
        other.configure(settings(6, ROWS), FusedPolicy.none());
        one.field.maintain(one.live::get);
        assertThat(memory.heldBytes()).isEqualTo(REBUILD);
        other.settle();
        assertThat(memory.heldBytes()).isEqualTo(REBUILD);
        assertThat(isSealed(other, 8)).isTrue();
        assertThat(other.field.isOptimizing()).isTrue();
        assertThat(other.field.problem()).isEmpty();
        answers(other);
      }
      one.settle();
      assertThat(memory.heldBytes()).isZero();
      other.settle();
      assertThat(isSealed(other, 6)).isTrue();
      assertThat(memory.heldBytes()).isZero();
      answers(other);
    }
  }

  @Test
  void roomIsGivenBackByWhatFailsAndByWhatIsGivenUp() throws IOException {
    MemoryBudget memory = roomFor(2 * REBUILD);
    try (VectorWorld world = world("world", settings(8, ROWS), memory)) {
      world.append(ROWS).settle();
      Path live = folder.resolve("world/live-0");
      Path away = folder.resolve("away");
      Files.move(live, away); // No file can be made there.
      world.configure(settings(6, ROWS), FusedPolicy.none());
      VectorWorld.await(() -> {
        world.field.maintain(world.live::get);
        return world.field.problem().isPresent();
      });
      assertThat(memory.heldBytes()).isZero();
      Files.move(away, live);
      VectorWorld.await(() -> {
        world.field.maintain(world.live::get);
        return !world.field.isSettled();
      });
      assertThat(memory.heldBytes()).isEqualTo(REBUILD);
    }
    assertThat(memory.heldBytes()).isZero();
  }

  /** What a rebuild makes is told, and counted once. */
  @Test
  void whatIsReservedIsNotCountedAgain() throws IOException {
    MemoryBudget memory = roomFor(1L << 30);
    try (VectorWorld world = world("world", settings(8, ROWS), memory)) {
      world.append(ROWS).settle();
      VectorFieldStats idle = world.field.stats();
      HeldPool before = new HeldPool(world.pool);
      world.configure(settings(6, ROWS), FusedPolicy.none());
      world.field.maintain(world.live::get);
      try (HeldPool _ = new HeldPool(world.pool)) { // It is copied, and not linked.
        before.close();
        VectorWorld.await(() -> {
          world.field.maintain(world.live::get);
          return world.field.stats().memory().heapBytes() > idle.memory().heapBytes();
        });
        VectorFieldStats copied = world.field.stats();
        assertThat(copied.optionalBytes()).isPositive().isLessThanOrEqualTo(REBUILD);
        assertThat(copied.memory().heapBytes() - copied.optionalBytes())
            .isEqualTo(idle.memory().heapBytes());
      }
      world.settle();
      assertThat(world.field.stats().optionalBytes()).isZero();
    }
  }
}
