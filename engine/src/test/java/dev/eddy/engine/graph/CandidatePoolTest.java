package dev.eddy.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The beam against a sorted list. */
final class CandidatePoolTest {
  private record Node(int node, float score, boolean isAccepted) {}

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void keepsTheBestAndNoMoreThanItMay(long seed) {
    Random random = new Random(seed);
    int ef = 1 + random.nextInt(20);
    int most = ef + random.nextInt(60);
    double accepted = random.nextDouble();
    CandidatePool pool = new CandidatePool();
    pool.reset(ef, most);
    List<Node> model = new ArrayList<>();
    int entered = 0;
    for (int step = 0; step < 200; step++) {
      List<Node> more = new ArrayList<>();
      for (int i = random.nextInt(8); i >= 0; i--) {
        float score = random.nextInt(1_000) / 10f;
        if (pool.admits(score)) {
          more.add(new Node(8 * step + i, score, random.nextDouble() < accepted));
        }
      }
      insert(pool, more, random.nextBoolean());
      entered += more.size();
      model.addAll(more);
      cut(model, ef, most);
      assertThat(pool.size()).as("seed %d step %d", seed, step).isEqualTo(model.size());
      for (int i = 0; i < model.size(); i++) {
        assertThat(pool.nodeAt(i)).isEqualTo(model.get(i).node());
        assertThat(pool.isAcceptedAt(i)).isEqualTo(model.get(i).isAccepted());
      }
      assertThat(pool.entered()).isEqualTo(entered);
      assertThat(pool.isShort())
          .isEqualTo(model.size() == most && model.stream().filter(Node::isAccepted).count() < ef);
    }
  }

  @Test
  void isShortOnceItRefusesNodesForWantOfRoom() {
    CandidatePool pool = new CandidatePool();
    pool.reset(2, 3);
    for (int node = 0; node < 3; node++) {
      pool.insert(node, 10 - node, false);
    }
    assertThat(pool.admits(1)).isFalse();
    assertThat(pool.isShort()).isTrue();
  }

  private static void insert(CandidatePool pool, List<Node> more, boolean isTogether) {
    if (isTogether) {
      long[] entries =
          more.stream()
              .mapToLong(node -> CandidatePool.entry(node.node(), node.score(), node.isAccepted()))
              .toArray();
      pool.merge(entries, entries.length);
    } else {
      // The last ones may be below what the first ones made the threshold: inserting is no harm.
      more.forEach(node -> pool.insert(node.node(), node.score(), node.isAccepted()));
    }
  }

  private static void cut(List<Node> model, int ef, int most) {
    model.sort(
        Comparator.comparingDouble((Node node) -> -node.score()).thenComparingInt(Node::node));
    int accepted = 0;
    for (int i = 0; i < model.size(); i++) {
      accepted += model.get(i).isAccepted() ? 1 : 0;
      if (accepted == ef) {
        model.subList(i + 1, model.size()).clear();
      }
    }
    if (model.size() > most) {
      model.subList(most, model.size()).clear();
    }
  }
}
