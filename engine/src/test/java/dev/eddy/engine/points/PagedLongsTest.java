package dev.eddy.engine.points;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PagedLongsTest {
  @Test
  void viewsKeepWhatTheySawWhilePagesGrowAndEntriesChange() {
    for (int round = 0; round < 200; round++) {
      Random random = new Random(round);
      PagedLongs longs = new PagedLongs();
      List<Long> expected = new ArrayList<>();
      List<PagedLongs.View> views = new ArrayList<>();
      List<List<Long>> seen = new ArrayList<>();
      int size = 1 << random.nextInt(14);
      while (expected.size() < size) {
        switch (random.nextInt(40)) {
          case 0 -> {
            views.add(longs.freeze());
            seen.add(List.copyOf(expected));
          }
          case 1 -> {
            int passed = random.nextInt(100);
            for (int i = 0; i < passed; i++) {
              longs.skip();
              expected.add(0L);
            }
          }
          case 2, 3 -> {
            int at = expected.isEmpty() ? -1 : random.nextInt(expected.size());
            if (at >= 0 && expected.get(at) != 0) {
              longs.set(at, -at - 1L);
              expected.set(at, -at - 1L);
            }
          }
          default -> {
            longs.append(expected.size() + 1L);
            expected.add(expected.size() + 1L);
          }
        }
      }
      views.add(longs.freeze());
      seen.add(expected);
      for (int i = 0; i < views.size(); i++) {
        for (int index = 0; index < seen.get(i).size(); index++) {
          assertThat(views.get(i).get(index))
              .as("seed %d", round)
              .isEqualTo(seen.get(i).get(index));
        }
      }
    }
  }

  @Test
  void aFewEntriesCostFewBytes() {
    PagedLongs longs = new PagedLongs();
    for (int i = 0; i < 100; i++) {
      longs.append(i);
    }
    assertThat(longs.memoryBytes()).isLessThan(2_000);
  }
}
