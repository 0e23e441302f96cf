package dev.eddy.engine.column;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.eddy.engine.kernel.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random appends, deaths, background work, checkpoints and restarts against a map. */
final class ColumnPropertyTest {
  @TempDir Path folder;

  private final Map<Integer, Stored> stored = new HashMap<>();
  private final BitSet live = new BitSet();
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private int slots;

  /** What can say all numbers. */
  private ElementType numbers = ElementType.FLOAT32;

  @SuppressWarnings("ArrayRecordComponent") // Compared by hand.
  private record Stored(int[] ints, float[] floats) {}

  private record Old(ColumnView view, BitSet live, int slots) {}

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void entriesAreWhatWasAppended(long seed) throws IOException {
    Random random = new Random(seed);
    numbers = ElementType.values()[(int) (seed % ElementType.values().length)];
    ColumnSettings narrow =
        random.nextBoolean()
            ? new ColumnSettings("c", 1, 1, 1, 20 + random.nextInt(500), numbers)
            : new ColumnSettings("c", 0, 3, 16, 1 + random.nextInt(100), numbers);
    ColumnSettings settings = random.nextInt(3) == 0 ? narrow : narrow.ofFloats();
    SlotColumn column = SlotColumn.create(settings, home("live"));
    List<Old> olds = new ArrayList<>();
    for (int round = 0; round < 30; round++) {
      int appended = random.nextInt(random.nextInt(5) == 0 ? 2_000 : 200);
      for (int i = 0; i < appended; i++) {
        append(column, random, settings);
        if (random.nextInt(3) > 0) {
          kill(column, random);
        }
        if (random.nextInt(100) == 0) {
          work(column, random);
        }
      }
      work(column, random);
      check(column, settings);
      olds.add(new Old(column.view(), (BitSet) live.clone(), slots));
      if (random.nextInt(5) == 0) {
        if (random.nextBoolean()) {
          settings = narrow; // What a later build does with the files of one before.
        }
        column = restarted(column, settings, round, random);
        check(column, settings);
      }
    }
    // Views from before see what they saw, though files were merged and columns closed.
    olds.forEach(old -> check(old.view, old.live, old.slots, narrow));
    column.close();
    runAll();
    try (Stream<Path> left = Files.walk(folder)) {
      assertThat(left.filter(file -> file.toString().contains("live")))
          .allMatch(Files::isDirectory);
    }
  }

  /** Also what these add. */
  private void runAll() {
    while (!tasks.isEmpty()) {
      tasks.removeFirst().run();
    }
  }

  private ColumnHome home(String name) throws IOException {
    return new ColumnHome(Files.createDirectories(folder.resolve(name)), tasks::add, true, 16_000);
  }

  /** Background work ends whenever it likes. */
  private void work(SlotColumn column, Random random) {
    if (random.nextBoolean()) {
      column.maintain();
    }
    if (random.nextBoolean() && !tasks.isEmpty()) {
      tasks.removeFirst().run();
    }
  }

  private void append(SlotColumn column, Random random, ColumnSettings settings) {
    int slot = slots++;
    if (random.nextInt(5) == 0) {
      return;
    }
    int units = random.nextInt(random.nextInt(50) == 0 ? 600 : 9);
    int[] ints = random.ints(units).toArray();
    float[] floats = new float[units * settings.floatsPerUnit()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] =
          switch (numbers) {
            case FLOAT32 -> random.nextFloat();
            case FLOAT16 -> Float.float16ToFloat(Float.floatToFloat16(random.nextFloat()));
            case UINT8 -> random.nextInt(256);
          };
    }
    column.append(slot, units, ints, floats);
    stored.put(slot, new Stored(settings.intsPerUnit() == 0 ? new int[0] : ints, floats));
    live.set(slot);
  }

  private void kill(SlotColumn column, Random random) {
    int slot = live.nextSetBit(random.nextInt(slots));
    if (slot >= 0) {
      column.noteDead(slot);
      live.clear(slot);
    }
  }

  private SlotColumn restarted(SlotColumn column, ColumnSettings settings, int round, Random random)
      throws IOException {
    Path checkpoint = Files.createDirectories(folder.resolve("checkpoint-" + round));
    ColumnManifest manifest;
    BitSet alive = (BitSet) live.clone();
    try (ColumnCheckpoint taken = column.beginCheckpoint()) {
      work(column, random);
      manifest = taken.writeTo(checkpoint);
    }
    work(column, random);
    column.close();
    if (random.nextBoolean()) {
      runAll(); // Too late.
    }
    tasks.clear();
    SlotColumn again =
        SlotColumn.restore(
            settings,
            home("live-" + round),
            checkpoint,
            ColumnManifest.decode(manifest.encode()),
            alive::get);
    assertThat(again.blocksRead()).as("blocks read by opening").isZero();
    return again;
  }

  private void check(SlotColumn column, ColumnSettings settings) {
    assertThat(column.live()).isEqualTo(live.cardinality());
    ColumnEntry entry = new ColumnEntry();
    for (int slot = live.nextSetBit(0); slot >= 0; slot = live.nextSetBit(slot + 1)) {
      if (!column.find(slot, entry)) {
        fail("no slot " + slot);
      }
      check(entry, slot, settings);
    }
    check(column.view(), live, slots, settings);
  }

  private void check(ColumnView view, BitSet alive, int slotCount, ColumnSettings settings) {
    assertThat(view.live()).isEqualTo(alive.cardinality());
    assertThat(view.slotCount()).isLessThanOrEqualTo(slotCount);
    ColumnEntry entry = new ColumnEntry();
    for (int slot = 0; slot < slotCount; slot++) {
      boolean isThere = view.find(slot, entry);
      if (view.contains(slot) != isThere || (alive.get(slot) && !isThere)) {
        fail("slot %d is there: %s".formatted(slot, isThere));
      }
      if (isThere) {
        check(entry, slot, settings);
      }
    }
    assertThat(view.find(slotCount, entry)).isFalse();
  }

  private void check(ColumnEntry entry, int slot, ColumnSettings settings) {
    Stored expected = requireNonNull(stored.get(slot), "slot " + slot);
    int stride = settings.stride();
    if (entry.units() != expected.floats.length / settings.floatsPerUnit()) {
      fail("%d units of slot %d".formatted(entry.units(), slot));
    }
    float[] floats = entry.floats();
    for (int unit = 0; unit < entry.units(); unit++) {
      int at = (entry.from() + unit) * stride;
      int each = settings.floatsPerUnit();
      if (!Arrays.equals(floats, at, at + each, expected.floats, unit * each, (unit + 1) * each)) {
        fail("floats of unit %d of slot %d".formatted(unit, slot));
      }
    }
    if (settings.intsPerUnit() > 0
        && !Arrays.equals(
            entry.ints(), entry.from(), entry.to(), expected.ints, 0, expected.ints.length)) {
      fail("ints of slot " + slot);
    }
  }
}
