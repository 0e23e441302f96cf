package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.kernel.Metric;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many threads of the pool, which has two, link a graph. */
final class IndexingThreadsTest {
  private static final int ROWS = 2_000;

  @TempDir Path folder;

  private static VectorFieldSettings settings(int threads) {
    return new VectorFieldSettings(
        "text", 20, Metric.EUCLID, new GraphParams(8, 64), 5_000, 1 << 20, 100, threads);
  }

  private static HeapSegment growing(VectorWorld world) {
    return (HeapSegment) world.field.segments().getLast();
  }

  @Test
  void areAsManyAsAskedFor() throws IOException {
    for (int asked : new int[] {0, 1, 2, 100}) {
      try (VectorWorld world =
          new VectorWorld(3, settings(asked), folder.resolve("asked-" + asked))) {
        HeldPool held = new HeldPool(world.pool);
        world.append(ROWS);
        assertThat(growing(world).linker().active())
            .as("asked for %d", asked)
            .isEqualTo(asked == 1 ? 1 : 2);
        held.close();
        world.awaitLinked();
      }
    }
  }

  @Test
  void becomeMoreAndFewerWhileRowsAreLinked() throws IOException {
    try (VectorWorld world = new VectorWorld(4, settings(1), folder.resolve("world"))) {
      HeldPool held = new HeldPool(world.pool);
      world.append(ROWS);
      world.configure(settings(0), FusedPolicy.none());
      world.append(1);
      assertThat(growing(world).linker().active()).isEqualTo(2);
      world.configure(settings(1), FusedPolicy.none());
      world.append(ROWS);
      held.close();
      VectorWorld.await(() -> growing(world).linker().active() <= 1);
      world.awaitLinked();
      assertThat(world.recall(20, SlotSearch.nearest(10, 64), world.live::get)).isGreaterThan(0.9);
    }
  }
}
