package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.quantization.CodeWidth;
import dev.eddy.engine.quantization.HeapCodes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a field gives up while the node's memory is short, and takes again when there is room. */
final class ShortMemoryTest {
  private static final long LIMIT = 1L << 40;
  private static final long SHORT = LIMIT / 100 * 86;

  @TempDir Path folder;

  private final MemoryBudget memory = new MemoryBudget(LIMIT);
  private final MemoryBudget.Account others = memory.open();

  private VectorWorld world(VectorFieldSettings settings) throws IOException {
    FusedPolicy fused = new FusedPolicy(500, new ByteBudget(1L << 30, memory));
    return new VectorWorld(5, settings, fused, memory, folder);
  }

  private static List<Segment> sealed(VectorWorld world) {
    return world.field.segments().stream().filter(SealedSegment.class::isInstance).toList();
  }

  private static void settle(VectorWorld world) {
    world.skip(Duration.ofMinutes(2));
    VectorWorld.await(() -> {
      world.field.maintain(world.live::get);
      return !world.field.isBusy() && !world.field.isFilling();
    });
    world.settle();
  }

  private static void answers(VectorWorld world) {
    assertThat(world.recall(20, SlotSearch.nearest(10, 100), world.live::get)).isGreaterThan(0.9);
  }

  @Test
  void theSpeedFormOfASealedSegment() throws IOException {
    try (VectorWorld world = world(VectorWorld.sealing(Metric.EUCLID, 40, 2_000))) {
      world.append(2_000);
      settle(world);
      assertThat(sealed(world).getFirst().fusedGraph()).isNotNull();
      others.set(SHORT);
      settle(world);
      assertThat(sealed(world).getFirst().fusedGraph()).isNull();
      assertThat(memory.heldBytes()).isEqualTo(SHORT);
      answers(world);
      others.set(0);
      settle(world);
      assertThat(sealed(world).getFirst().fusedGraph()).isNotNull();
      answers(world);
    }
    assertThat(memory.heldBytes()).isZero();
  }

  @Test
  void theSpeedFormOfAGrowingSegment() throws IOException {
    try (VectorWorld world = world(VectorWorld.settings(Metric.EUCLID, 40, 100))) {
      world.append(2_000);
      settle(world);
      Segment growing = world.field.segments().getFirst();
      assertThat(growing.fusedGraph()).isNotNull();
      for (int percent : new int[] {86, 80}) {
        others.set(LIMIT / 100 * percent);
        settle(world);
        assertThat(growing.fusedGraph()).as("at %d %%", percent).isNull();
        assertThat(growing.isFusedGivenUp()).isTrue();
        assertThat(memory.heldBytes()).isEqualTo(LIMIT / 100 * percent);
      }
      answers(world);
      others.set(0);
      settle(world);
      assertThat(growing.fusedGraph()).isNotNull();
      assertThat(memory.heldBytes()).isEqualTo(growing.optionalBytes());
      answers(world);
    }
    assertThat(memory.heldBytes()).isZero();
  }

  @Test
  void codesThatWereAskedToBeInMemory() throws IOException {
    try (VectorWorld world =
        new VectorWorld(
            5, VectorWorld.sealing(Metric.COSINE, 64, 2_000), FusedPolicy.none(), memory, folder)) {
      world.code(new CodeSettings(CodeWidth.FOUR, true)).append(2_000);
      settle(world);
      Segment sealed = sealed(world).getFirst();
      assertThat(sealed.codeTable()).isInstanceOf(HeapCodes.class);
      others.set(SHORT);
      settle(world);
      assertThat(sealed.codeTable()).isInstanceOf(MappedCodes.class);
      answers(world);
      others.set(0);
      settle(world);
      assertThat(sealed.codeTable()).isInstanceOf(HeapCodes.class);
    }
  }

  @Test
  void rowsOnTheHeap() throws IOException {
    int dimension = 4_096;
    try (VectorWorld world = world(VectorWorld.settings(Metric.EUCLID, dimension, 100))) {
      int rows = (16 << 20) / (4 * dimension);
      world.append(rows);
      settle(world);
      assertThat(sealed(world)).isEmpty();
      others.set(SHORT);
      settle(world);
      assertThat(sealed(world)).hasSize(1);
      assertThat(world.field.stats().memory().heapBytes()).isLessThan(1 << 20);
      answers(world);
    }
  }
}
