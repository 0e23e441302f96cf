package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.kernel.Metric;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Recall and work together: a floor for the one, a ceiling for the other, so that neither is bought
 * with the other unseen.
 */
final class VectorFieldRecallTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "COSINE, 0.97, 1300",
    "DOT, 0.90, 1300",
    "EUCLID, 0.97, 1300",
    "MANHATTAN, 0.95, 1300"
  })
  void recallAtTenHasAFloorAndVisitedRowsACeiling(Metric metric, double floor, long ceiling)
      throws IOException {
    VectorFieldSettings settings =
        new VectorFieldSettings("text", 32, metric, new GraphParams(16, 100), 500, 1 << 20, 100, 0);
    try (VectorWorld world = new VectorWorld(42, settings, folder)) {
      world.append(8_000).settle();
      int queries = 100;
      assertThat(world.recall(queries, SlotSearch.nearest(10, 64), world.live::get))
          .isGreaterThanOrEqualTo(floor);
      VectorFieldSnapshot snapshot = world.field.snapshot();
      long visited = 0;
      TopSlots top = new TopSlots(10);
      for (int i = 0; i < queries; i++) {
        top.reset(10);
        snapshot.search(world.vector(), SlotSearch.nearest(10, 64), world.live::get, top);
        visited += top.visitedRows();
      }
      snapshot.release();
      assertThat(visited / queries).isLessThanOrEqualTo(ceiling);
    }
  }
}
