package dev.eddy.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VisitedSetTest {
  /** Searches of few and of many nodes, in sets that grow: cleared word by word and as a whole. */
  @Test
  void itMarksEachNodeOnceAndForgetsAllAtAReset() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    VisitedSet visited = new VisitedSet();
    int count = 1;
    for (int search = 0; search < 300; search++) {
      count = Math.max(count, 1 + random.nextInt(1 + 40 * search));
      visited.reset(count);
      BitSet expected = new BitSet();
      int adds = random.nextInt(random.nextBoolean() ? 20 : 2 * count);
      for (int i = 0; i < adds; i++) {
        int node = random.nextInt(count);
        boolean isNew = !expected.get(node);
        expected.set(node);
        if (random.nextBoolean()) {
          assertThat(visited.add(node)).as("seed %d, search %d", seed, search).isEqualTo(isNew);
        } else {
          assertThat(visited.mark(node))
              .as("seed %d, search %d", seed, search)
              .isEqualTo(isNew ? 1 : 0);
        }
      }
    }
  }
}
