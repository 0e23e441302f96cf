package dev.eddy.engine.segment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.graph.HeapLinks;
import dev.eddy.engine.graph.NeighborBlocks;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.quantization.PairTraining;
import dev.eddy.engine.quantization.RowCodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Building a graph fails, or a segment of it: what is there serves as before. */
final class LinkingFailureTest {
  private static final int ROWS = 1_000;

  @TempDir Path folder;

  private static VectorFieldSettings settings(int m, int sealRows) {
    return new VectorFieldSettings(
        "text", 24, Metric.EUCLID, new GraphParams(m, 64), 500, sealRows, 50, 0);
  }

  private VectorWorld world(int sealRows, MemoryBudget memory) throws IOException {
    return new VectorWorld(5, settings(8, sealRows), FusedPolicy.none(), memory, folder);
  }

  private static HeapSegment growing(VectorWorld world) {
    return (HeapSegment) world.field.segments().getLast();
  }

  /** Whoever links a row from now on fails when it is half done: there is no room to follow it. */
  private static void breakLinks(HeapSegment segment) {
    float[][] sample = RowSample.of(segment.rows(), segment.rowCount(), 500).copies(24);
    RowCodes codes = new RowCodes(PairTraining.train(Metric.EUCLID, 24, sample));
    requireNonNull(segment.heapLinks()).attach(new NeighborBlocks(codes, 16));
  }

  private static void mend(HeapSegment segment) {
    requireNonNull(segment.heapLinks()).detach();
  }

  private static void awaitProblem(VectorWorld world) {
    VectorWorld.await(() -> {
      world.field.maintain(world.live::get);
      return world.field.problem().isPresent();
    });
  }

  private static String problem(VectorWorld world) {
    return world.field.problem().orElse("");
  }

  private static void isComplete(VectorWorld world) {
    assertThat(world.recall(20, SlotSearch.exact(10), world.live::get)).isEqualTo(1.0);
    int last = world.vectors.lastKey();
    SlotAcceptor newest = slot -> slot > last - 100 && world.live.get(slot);
    for (int i = 0; i < 20; i++) {
      float[] query = world.vector();
      assertThat(world.search(query, SlotSearch.nearest(10, 64), newest))
          .isEqualTo(world.exact(query, 10, newest));
    }
    assertThat(world.recall(50, SlotSearch.nearest(10, 64), world.live::get)).isGreaterThan(0.9);
  }

  private static void hasEachLinkOnce(HeapSegment segment) {
    HeapLinks links = requireNonNull(segment.heapLinks());
    int[] ids = new int[links.maxLinks()];
    for (int node = 0; node < segment.rowCount(); node++) {
      int count = links.links(0, node, ids);
      assertThat(Arrays.stream(ids, 0, count).distinct().count())
          .as("links of %d", node)
          .isEqualTo(count);
    }
  }

  @Test
  void rowsThatCannotBeLinkedAreScannedUntilTheyCan() throws IOException {
    try (VectorWorld world = world(1 << 20, MemoryBudget.unlimited())) {
      world.append(ROWS).awaitLinked();
      HeapSegment segment = growing(world);
      breakLinks(segment);
      world.append(500);
      awaitProblem(world);
      assertThat(problem(world)).startsWith("linking fails: java.lang.ArrayIndexOutOfBounds");
      assertThat(world.field.isBusy()).isTrue();
      VectorWorld.await(() -> segment.linker().active() == 0);
      isComplete(world);

      world.pool.searchStarted(); // The writer would link rows itself now.
      world.append(700);
      world.pool.searchFinished();
      world.vectors.keySet().stream().limit(20).toList().forEach(world::delete);
      world.skip(Duration.ofMinutes(2));
      world.field.maintain(world.live::get);
      VectorWorld.await(() -> segment.linker().active() == 0);
      world.field.maintain(world.live::get);
      assertThat(problem(world)).startsWith("linking fails");
      assertThat(world.field.stats().unlinkedRows()).isGreaterThanOrEqualTo(1_200);
      isComplete(world);

      mend(segment);
      world.skip(Duration.ofMinutes(2));
      world.settle();
      assertThat(world.field.problem()).isEmpty();
      assertThat(world.field.isBusy()).isFalse();
      assertThat(world.field.stats().linkedRows()).isEqualTo(ROWS + 1_200);
      hasEachLinkOnce(segment);
      isComplete(world);
      world.restart();
      assertThat(world.field.stats().linkedRows()).isEqualTo(ROWS + 1_200);
      isComplete(world);
    }
  }

  @Test
  void aCheckpointHasNoLinksThatAreHalfMade() throws IOException {
    try (VectorWorld world = world(1 << 20, MemoryBudget.unlimited())) {
      world.append(2 * ROWS).awaitLinked();
      breakLinks(growing(world));
      world.append(500);
      awaitProblem(world);
      int linked = growing(world).linkedRows();
      assertThat(linked).isBetween(2 * ROWS, 2 * ROWS + 64);
      FilePart links = requireNonNull(world.restart().segments().getFirst().beside());
      assertThat(links.rows()).isBetween(2 * ROWS, linked);
      world.settle(); // What is restored is whole.
      assertThat(world.field.stats().linkedRows()).isEqualTo(2 * ROWS + 500);
      hasEachLinkOnce(growing(world));
      isComplete(world);
    }
  }

  @Test
  void aSegmentThatIsBuiltAnewInVainLeavesWhatWasThere() throws IOException {
    MemoryBudget memory = new MemoryBudget(1L << 40);
    try (VectorWorld world = world(2_000, memory)) {
      world.append(2_000).settle();
      HeldPool before = new HeldPool(world.pool);
      world.configure(settings(6, 2_000), FusedPolicy.none());
      world.field.maintain(world.live::get);
      try (HeldPool _ = new HeldPool(world.pool)) { // It is copied, and not linked.
        before.close();
        VectorWorld.await(() -> {
          world.field.maintain(world.live::get);
          Rebuild rebuild = world.field.rebuild();
          return rebuild != null && rebuild.unfinishedCopy() != null;
        });
        Rebuild rebuild = requireNonNull(world.field.rebuild());
        breakLinks(requireNonNull(rebuild.unfinishedCopy()));
      }
      awaitProblem(world);
      assertThat(problem(world)).contains("ArrayIndexOutOfBounds");
      assertThat(memory.heldBytes()).as("given back").isZero();
      world.append(100);
      world.field.writeTo(Files.createDirectories(folder.resolve("beside")));
      isComplete(world);

      world.skip(Duration.ofMinutes(2));
      world.settle();
      assertThat(world.field.problem()).isEmpty();
      assertThat(world.field.segments().getFirst().graphParams().m()).isEqualTo(6);
      isComplete(world);
    }
  }

  /** Of slots below a bound. */
  private static final class Broken {
    int bound = Integer.MAX_VALUE;

    int groupOf(int slot) {
      if (slot < bound) {
        throw new IllegalStateException("no groups");
      }
      return slot % 3;
    }
  }

  @Test
  void aFileThatIsMadeInVainIsMadeLater() throws IOException {
    Broken groups = new Broken();
    try (VectorWorld world = world(ROWS, MemoryBudget.unlimited())) {
      world.layOut(new TestLayout(9, groups::groupOf)).append(ROWS + 10);
      awaitProblem(world);
      assertThat(problem(world))
          .isEqualTo("sealing or merging fails: java.lang.IllegalStateException: no groups");
      world.append(500);
      world.field.writeTo(Files.createDirectories(folder.resolve("beside")));
      isComplete(world);
      assertThat(world.field.stats().fileBytes()).as("of rows alone").isPositive();

      groups.bound = 0;
      world.skip(Duration.ofMinutes(2));
      world.settle();
      assertThat(world.field.problem()).isEmpty();
      assertThat(world.field.segments().getFirst()).isInstanceOf(SealedSegment.class);
      isComplete(world);
    }
  }

  private static boolean isLaidOut(Segment segment, long layout) {
    return segment instanceof SealedSegment sealed && sealed.rowLayout() == layout;
  }

  @Test
  void aSegmentThatIsMadeInVainHoldsUpNoOther() throws IOException {
    Broken groups = new Broken();
    try (VectorWorld world = world(ROWS, MemoryBudget.unlimited())) {
      world.append(ROWS).settle();
      groups.bound = world.vectors.lastKey() + 1;
      world.append(ROWS).settle();
      world.layOut(new TestLayout(9, groups::groupOf));
      awaitProblem(world);
      for (int i = 0; i < 3; i++) {
        world.skip(Duration.ofMinutes(2));
        VectorWorld.await(() -> {
          world.field.maintain(world.live::get);
          return world.field.isSettled();
        });
      }
      assertThat(isLaidOut(world.field.segments().getFirst(), 9)).isFalse();
      assertThat(isLaidOut(world.field.segments().get(1), 9)).isTrue();
      assertThat(problem(world)).contains("no groups");
      isComplete(world);

      groups.bound = 0;
      world.skip(Duration.ofMinutes(2));
      world.settle();
      assertThat(isLaidOut(world.field.segments().getFirst(), 9)).isTrue();
      assertThat(world.field.problem()).isEmpty();
      assertThat(world.field.isBusy()).isFalse();
      isComplete(world);
    }
  }

  @Test
  void whatFailedAndIsNotWantedAnyMoreIsForgotten() throws IOException {
    Broken groups = new Broken();
    try (VectorWorld world = world(ROWS, MemoryBudget.unlimited())) {
      world.append(ROWS).settle();
      world.layOut(new TestLayout(9, groups::groupOf));
      awaitProblem(world);
      world.layOut(RowLayout.BY_SLOT);
      world.skip(Duration.ofMinutes(2));
      world.settle();
      assertThat(world.field.problem()).isEmpty();
      assertThat(world.field.isBusy()).isFalse();
    }
  }

  /** A process that has met one is not to go on. */
  @Test
  void anErrorIsNotTriedAgain() throws IOException {
    try (VectorWorld world = world(ROWS, MemoryBudget.unlimited())) {
      world.layOut(
          new TestLayout(
              9,
              slot -> {
                throw new AssertionError("injected");
              }));
      world.append(ROWS + 10);
      assertThatThrownBy(() -> awaitProblem(world))
          .isInstanceOf(IllegalStateException.class)
          .hasRootCauseMessage("injected");
      assertThatThrownBy(() -> world.append(1)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void withShortMemoryRowsThatCannotBeLinkedGoToAFile() throws IOException {
    MemoryBudget memory = new MemoryBudget(1L << 40);
    try (MemoryBudget.Account others = memory.open();
        VectorWorld world = world(ROWS, memory)) {
      world.append(900).awaitLinked();
      HeapSegment broken = growing(world);
      breakLinks(broken);
      world.append(150);
      awaitProblem(world);
      assertThat(world.field.segments()).contains(broken);
      others.set((1L << 40) / 10 * 9);
      world.settle();
      Segment sealed = world.field.segments().getFirst();
      assertThat(sealed).isInstanceOf(SealedSegment.class);
      assertThat(sealed.graph()).isNull();
      assertThat(world.field.isOptimizing()).isTrue();
      isComplete(world);

      others.set(0);
      world.settle();
      assertThat(world.field.segments().getFirst().graph()).isNotNull();
      assertThat(world.field.problem()).isEmpty();
      isComplete(world);
    }
  }

  @Test
  void aSegmentThatCannotBeLinkedHoldsUpNoOther() throws IOException {
    try (VectorWorld world = world(ROWS, MemoryBudget.unlimited())) {
      world.append(900).awaitLinked();
      HeapSegment broken = growing(world);
      breakLinks(broken);
      world.append(150);
      awaitProblem(world);
      world.append(ROWS);
      VectorWorld.await(() -> {
        world.field.maintain(world.live::get);
        return world.field.segments().get(1) instanceof SealedSegment;
      });
      assertThat(world.field.segments()).first().isSameAs(broken);
      assertThat(world.field.rebuild()).isNull();
      assertThat(problem(world)).startsWith("linking fails");
      isComplete(world);

      mend(broken);
      world.skip(Duration.ofMinutes(2));
      VectorWorld.await(() -> {
        boolean hasChanged = world.field.maintain(world.live::get);
        return !hasChanged && !world.field.isBusy();
      });
      Segment sealed = world.field.segments().getFirst();
      assertThat(sealed).isInstanceOf(SealedSegment.class);
      assertThat(sealed.graph()).isNotNull();
      assertThat(world.field.problem()).isEmpty();
      isComplete(world);
    }
  }

  /** It would keep the pool busy for as long as the node runs. */
  @Test
  void whatWaitsForLinkingIsForgottenWhenItsFieldEnds() throws IOException {
    try (VectorWorld world = world(1 << 20, MemoryBudget.unlimited())) {
      HeldPool held = new HeldPool(world.pool);
      world.append(ROWS);
      HeapSegment segment = growing(world);
      world.field.close();
      held.close();
      for (int i = 0; i < 3; i++) {
        VectorWorld.await(() -> segment.linker().active() == 0);
        new HeldPool(world.pool).close();
      }
      assertThat(segment.linker().active()).isZero();
    }
  }
}
