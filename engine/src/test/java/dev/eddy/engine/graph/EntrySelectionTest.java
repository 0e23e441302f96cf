package dev.eddy.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class EntrySelectionTest {
  private final Random random = new Random(7);

  private void selects(long[] entries, int count, int wanted) {
    long[] sorted = Arrays.copyOf(entries, count);
    Arrays.sort(sorted);
    long[] selected = entries.clone();
    EntrySelection.select(selected, count, wanted);
    String what = "%d of %d".formatted(wanted, count);
    assertThat(selected[wanted - 1]).as(what).isEqualTo(sorted[wanted - 1]);
    long[] best = Arrays.copyOf(selected, wanted);
    Arrays.sort(best);
    assertThat(best).as(what).isEqualTo(Arrays.copyOf(sorted, wanted));
    assertThat(Arrays.copyOfRange(selected, count, entries.length))
        .as(what)
        .isEqualTo(Arrays.copyOfRange(entries, count, entries.length));
    Arrays.sort(selected, 0, count);
    assertThat(Arrays.copyOf(selected, count)).as(what).isEqualTo(sorted);
  }

  @Test
  void theLeastComeFirst() {
    for (int round = 0; round < 2_000; round++) {
      int count = 1 + random.nextInt(300);
      long bound = random.nextBoolean() ? 5 : Long.MAX_VALUE;
      long[] entries = random.longs(count + 3, -bound, bound).toArray();
      selects(entries, count, 1 + random.nextInt(count));
    }
  }

  @Test
  void ordersThatPivotsAreBadFor() {
    long[] up = LongStream.range(0, 1_000).toArray();
    long[] down = LongStream.range(0, 1_000).map(i -> -i).toArray();
    long[] pipe = LongStream.range(0, 1_000).map(i -> Math.min(i, 999 - i)).toArray();
    long[] spread = LongStream.range(0, 1_000).map(i -> i * 7_919 % 1_000).toArray();
    for (int wanted : new int[] {1, 2, 500, 999, 1_000}) {
      selects(up, 1_000, wanted);
      selects(down, 1_000, wanted);
      selects(pipe, 1_000, wanted);
      selects(spread, 1_000, wanted);
      selects(new long[1_000], 1_000, wanted);
    }
  }
}
