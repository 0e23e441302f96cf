package dev.eddy.engine.multi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class RowOwnersTest {
  private static final long SEED = 9;
  private static final int PAGE = 1 << RowOwners.PAGE_SHIFT;

  private final RowOwners owners = new RowOwners();

  @Test
  void pagesWhoseRowsAreGoneTakeNoMemory() {
    int slots = 5 * PAGE / 100;
    for (int slot = 0; slot < slots; slot++) {
      owners.append(owners.count(), 100, slot);
    }
    RowOwners.View before = owners.view();
    long all = owners.heapBytes();
    for (int slot = 0; slot < slots - 10; slot++) {
      owners.noteDead(slot * 100, 100);
    }
    assertThat(owners.heapBytes()).isLessThanOrEqualTo(all / 5 * 2).isPositive();
    assertThat(before.of(0)).as("views stay").isZero();
    assertThat(owners.of(0)).isEqualTo(RowOwners.NONE);
    assertThat(owners.view().of(0)).isEqualTo(RowOwners.NONE);
    assertThat(owners.of((slots - 5) * 100)).isEqualTo(slots - 5);
    for (int slot = slots - 10; slot < slots; slot++) {
      owners.noteDead(slot * 100, 100);
    }
    // Its last rows die before the page is full, and it goes once it is.
    owners.append((owners.count() / PAGE + 1) * PAGE, 1, slots);
    assertThat(owners.heapBytes()).isEqualTo(4L * PAGE);
    assertThat(owners.view().of(owners.count() - 1)).isEqualTo(slots);
  }

  @Test
  void numbersThatAreNobodysTakeNoMemory() {
    owners.append(100 * PAGE + 5, 2, 7);
    assertThat(owners.count()).isEqualTo(100 * PAGE + 7);
    assertThat(owners.heapBytes()).isEqualTo(4L * PAGE);
    assertThat(owners.of(3)).isEqualTo(RowOwners.NONE);
    assertThat(owners.of(100 * PAGE + 4)).isEqualTo(RowOwners.NONE);
    assertThat(owners.of(100 * PAGE + 5)).isEqualTo(7);
    assertThat(owners.view().of(100 * PAGE + 7)).isEqualTo(RowOwners.NONE);
  }

  /** The owners of rows that are there are those of a map, in views of any moment. */
  @Test
  void liveRowsKeepTheirOwners() {
    Random random = new Random(SEED);
    TreeMap<Integer, Integer> expected = new TreeMap<>();
    List<int[]> groups = new ArrayList<>();
    for (int slot = 0; slot < 3_000; slot++) {
      int first = owners.count() + random.nextInt(3);
      int rows = random.nextInt(200);
      owners.append(first, rows, slot);
      for (int row = first; row < first + rows; row++) {
        expected.put(row, slot);
      }
      groups.add(new int[] {first, rows});
      while (groups.size() > 300) {
        int[] gone = groups.remove(random.nextInt(groups.size()));
        owners.noteDead(gone[0], gone[1]);
        expected.subMap(gone[0], gone[0] + gone[1]).clear();
      }
    }
    RowOwners.View view = owners.view();
    expected.forEach((row, slot) -> {
      assertThat(owners.of(row)).as("seed %d, row %d", SEED, row).isEqualTo(slot);
      assertThat(view.of(row)).isEqualTo(slot);
    });
    assertThat(owners.heapBytes()).isLessThan(4L * owners.count());
  }
}
