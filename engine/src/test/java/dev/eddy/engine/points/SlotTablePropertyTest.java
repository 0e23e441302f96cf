package dev.eddy.engine.points;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.point.PointId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Slots against plain maps; frozen views stay as they were, over many pages. */
final class SlotTablePropertyTest {
  private record Frozen(
      SlotTable.View view, TreeMap<Integer, PointId> points, List<Long> versions) {}

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void viewsKeepTheirMoment(long seed) {
    Random random = new Random(seed);
    SlotTable table = new SlotTable();
    Map<PointId, Integer> slots = new HashMap<>();
    Map<Integer, Long> versions = new HashMap<>();
    List<Frozen> frozen = new ArrayList<>();
    for (int step = 0; step < 30_000; step++) {
      int number = random.nextInt(3_000);
      PointId id = number % 3 == 0 ? PointId.of(new UUID(number, ~number)) : PointId.of(number);
      Integer slot = slots.get(id);
      assertThat(table.slotOf(id)).isEqualTo(slot == null ? IdMap.NONE : slot);
      switch (random.nextInt(4)) {
        case 0 -> {
          if (slot != null) {
            table.delete(slot);
            slots.remove(id);
          }
        }
        case 1 -> {
          if (slot != null) {
            table.setPayload(slot, step, step);
            versions.put(slot, (long) step);
          }
        }
        default -> {
          int given = table.place(id, step, 1, 2);
          slots.put(id, given);
          versions.put(given, (long) step);
        }
      }
      if (step % 3_000 == 17) {
        frozen.add(freeze(table, slots, versions));
      }
    }
    frozen.add(freeze(table, slots, versions));
    for (Frozen moment : frozen) {
      check(moment, seed);
    }
    assertThat(table.points()).isEqualTo(slots.size());
  }

  private static Frozen freeze(
      SlotTable table, Map<PointId, Integer> slots, Map<Integer, Long> versions) {
    TreeMap<Integer, PointId> points = new TreeMap<>();
    slots.forEach((id, slot) -> points.put(slot, id));
    List<Long> expected = new ArrayList<>();
    points.keySet().forEach(slot -> expected.add(versions.get(slot)));
    return new Frozen(table.freeze(), points, expected);
  }

  private static void check(Frozen moment, long seed) {
    LiveBits.View live = moment.view().live();
    assertThat(live.live()).as("seed " + seed).isEqualTo(moment.points().size());
    List<Integer> slots = new ArrayList<>();
    List<PointId> ids = new ArrayList<>();
    List<Long> versions = new ArrayList<>();
    long[] words = new long[(live.slots() >>> 6) + 1];
    Arrays.fill(words, -1);
    live.retainLive(words);
    BitSet retained = BitSet.valueOf(words);
    retained.clear(live.slots(), 64 * words.length);
    assertThat(retained.cardinality()).as("seed " + seed).isEqualTo(live.live());
    for (int slot = live.next(0); slot >= 0; slot = live.next(slot + 1)) {
      assertThat(retained.get(slot)).isTrue();
      assertThat(live.isLive(slot)).isTrue();
      slots.add(slot);
      ids.add(moment.view().ids().get(slot));
      versions.add(moment.view().versions().get(slot));
    }
    assertThat(slots).as("seed " + seed).isEqualTo(List.copyOf(moment.points().keySet()));
    assertThat(ids).isEqualTo(List.copyOf(moment.points().values()));
    assertThat(versions).isEqualTo(moment.versions());
  }
}
