package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.kernel.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What segments become when they are merged or built anew. */
final class RebuildTest {
  private static final int ROWS = 1_000;

  @TempDir Path folder;

  private VectorWorld world(int m) throws IOException {
    return new VectorWorld(5, settings(m, ROWS), FusedPolicy.none(), folder);
  }

  private static VectorFieldSettings settings(int m, int sealRows) {
    return new VectorFieldSettings(
        "text", 24, Metric.EUCLID, new GraphParams(m, 64), 500, sealRows, 50, 0);
  }

  private static void answers(VectorWorld world) {
    assertThat(world.recall(20, SlotSearch.exact(10), world.live::get)).isEqualTo(1.0);
    assertThat(world.recall(50, SlotSearch.nearest(10, 64), world.live::get)).isGreaterThan(0.93);
  }

  /** The first has fewer live rows than the others, whose graph is carried over. */
  @Test
  void mergedRowsAreInOrderWhicheverGraphTheyWereAddedTo() throws IOException {
    try (VectorWorld world = world(8)) {
      for (int i = 0; i < 3; i++) {
        world.append(ROWS).settle();
        List<Integer> all = new ArrayList<>(world.vectors.keySet());
        // Too few dead ones to rebuild a segment for.
        all.subList(i * ROWS, i * ROWS + 280 - 100 * i).forEach(world::delete);
      }
      world.append(ROWS).settle();
      assertThat(world.field.segments()).hasSize(2);
      Segment merged = world.field.segments().getFirst();
      assertThat(merged.rowCount()).isEqualTo(4 * ROWS - 280 - 180 - 80);
      for (int i = 1; i < merged.rowCount(); i++) {
        assertThat(merged.slots()[i]).isGreaterThan(merged.slots()[i - 1]);
      }
      answers(world);
      world.restart();
      answers(world);
    }
  }

  @Test
  void aFullSegmentGoesToItsFileWhileOthersAreRebuilt() throws Exception {
    CountDownLatch isWriting = new CountDownLatch(1);
    CountDownLatch mayWrite = new CountDownLatch(1);
    boolean[] isSlow = new boolean[1];
    TestLayout layout =
        new TestLayout(
            9,
            slot -> {
              if (isSlow[0] && slot < ROWS / 2) {
                isWriting.countDown();
                await(mayWrite);
              }
              return slot % 3;
            });
    try (VectorWorld world = world(8)) {
      world.layOut(layout).append(ROWS).settle();
      try {
        isSlow[0] = true;
        world.configure(settings(6, ROWS), FusedPolicy.none());
        VectorWorld.await(() -> {
          world.field.maintain(world.live::get);
          return isWriting.getCount() == 0;
        });
        world.append(ROWS);
        VectorWorld.await(() -> {
          world.field.maintain(world.live::get);
          return world.field.segments().get(1) instanceof SealedSegment;
        });
        assertThat(world.field.segments().getFirst().graphParams().m()).isEqualTo(8);
        assertThat(world.field.isBusy()).isTrue();
        answers(world);
      } finally {
        mayWrite.countDown();
      }
      world.settle();
      assertThat(world.field.segments().getFirst().graphParams().m()).isEqualTo(6);
      answers(world);
      world.append(3 * ROWS).settle();
      answers(world);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
