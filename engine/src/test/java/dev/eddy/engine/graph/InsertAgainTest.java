package dev.eddy.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.kernel.ElementType;
import dev.eddy.engine.kernel.Metric;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A node whose insertion was broken off, wherever that was, is inserted again. */
final class InsertAgainTest {
  private static final int NODES = 600;
  private static final GraphParams PARAMS = new GraphParams(6, 40);

  private final HeapRows rows = HeapRows.of(Metric.EUCLID, 8, ElementType.FLOAT32);
  private final HeapLinks links = new HeapLinks(PARAMS);

  @Test
  void nobodyLeadsToItTwice() {
    Random random = new Random(3);
    GraphBuilder builder = new GraphBuilder(rows, links, PARAMS);
    SearchScratch scratch = new SearchScratch();
    links.reserve(NODES);
    for (int node = 0; node < NODES; node++) {
      float[] row = new float[8];
      for (int i = 0; i < row.length; i++) {
        row[i] = random.nextFloat();
      }
      rows.append(row);
      builder.insert(node, scratch);
      if (node > 0 && node % 3 == 0) {
        builder.insertAgain(node, scratch); // Broken off at the very end.
      }
    }
    int[] ids = new int[PARAMS.m0()];
    for (int node = 0; node < NODES; node++) {
      for (int layer = 0; layer <= links.topLayer(node); layer++) {
        int count = links.links(layer, node, ids);
        int of = node;
        assertThat(Arrays.stream(ids, 0, count).distinct().filter(id -> id != of).count())
            .as("links of %d on layer %d", node, layer)
            .isEqualTo(count);
      }
    }
  }
}
