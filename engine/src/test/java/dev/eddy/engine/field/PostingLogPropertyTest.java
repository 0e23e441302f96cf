package dev.eddy.engine.field;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.roaringbitmap.RoaringBitmap;

/** Runs, merges and a late base say the same as a map does. */
final class PostingLogPropertyTest {
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  /** Keys of each live slot. */
  private final Map<Integer, Set<Long>> expected = new TreeMap<>();

  private final Set<Integer> dead = new HashSet<>();
  private final Queue<Runnable> background = new ArrayDeque<>();
  private final Map<Integer, Set<Long>> base = new TreeMap<>();
  private boolean isBaseDue;
  private int slots;

  private Set<Long> keys() {
    Set<Long> keys = new HashSet<>();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      keys.add((long) random.nextInt(12) - 6);
    }
    return keys;
  }

  @RepeatedTest(10)
  void itSaysWhatAMapSays() {
    isBaseDue = random.nextBoolean();
    PostingLog log = new PostingLog(!isBaseDue, 40);
    if (isBaseDue) {
      for (; slots < 60; slots++) {
        base.put(slots, keys());
      }
      expected.putAll(base);
    }
    for (int step = 0; step < 600; step++) {
      change(log);
      if (isBaseDue && step > 300) {
        log.addBase(run(base));
        isBaseDue = false;
      }
      if (random.nextInt(4) == 0) {
        Postings frozen = log.freeze(slot -> !dead.contains(slot));
        if (!isBaseDue) {
          check(frozen);
        }
      }
      if (random.nextInt(6) == 0) {
        Set<Integer> deadNow = new HashSet<>(dead);
        var _ = log.maintain(() -> slot -> !deadNow.contains(slot), background::add);
      }
      if (random.nextInt(9) == 0 && !background.isEmpty()) {
        background.remove().run();
      }
    }
    if (!isBaseDue) {
      check(log.freeze(slot -> !dead.contains(slot)));
    }
  }

  private void change(PostingLog log) {
    int kind = random.nextInt(10);
    if (kind < 6 || expected.isEmpty()) {
      int slot = slots++;
      Set<Long> keys = keys();
      log.beginNew(slot);
      keys.forEach(key -> log.add(key, slot));
      expected.put(slot, keys);
      return;
    }
    List<Integer> live = new ArrayList<>(expected.keySet());
    int slot = live.get(random.nextInt(live.size()));
    if (kind < 8) {
      expected.remove(slot);
      dead.add(slot);
      return;
    }
    Set<Long> keys = keys();
    log.beginReplaced(slot);
    keys.forEach(key -> log.add(key, slot));
    expected.put(slot, keys);
  }

  private static PostingRun run(Map<Integer, Set<Long>> slots) {
    Pairs pairs = new Pairs();
    slots.forEach((slot, keys) -> keys.forEach(key -> pairs.add(key, slot)));
    pairs.sort();
    return PostingRun.of(pairs, new RoaringBitmap());
  }

  private void check(Postings postings) {
    for (long key = -7; key < 7; key++) {
      long from = key;
      long to = key + random.nextInt(5);
      assertThat(live(postings.with(key))).as("seed %d", seed).isEqualTo(slotsOf(from, from));
      assertThat(live(postings.within(from, to))).as("seed %d", seed).isEqualTo(slotsOf(from, to));
      assertThat(live(postings.withAny(new long[] {from, to + 1})))
          .as("seed %d", seed)
          .isEqualTo(slotsWith(Set.of(from, to + 1)));
      assertThat(live(postings.where(each -> each >= from && each <= to)))
          .as("seed %d", seed)
          .isEqualTo(slotsOf(from, to));
    }
  }

  private Set<Integer> live(RoaringBitmap slots) {
    return Arrays.stream(slots.toArray())
        .boxed()
        .filter(slot -> !dead.contains(slot))
        .collect(Collectors.toSet());
  }

  private Set<Integer> slotsOf(long from, long to) {
    Set<Long> keys = new HashSet<>();
    for (long key = from; key <= to; key++) {
      keys.add(key);
    }
    return slotsWith(keys);
  }

  private Set<Integer> slotsWith(Set<Long> keys) {
    return expected.entrySet().stream()
        .filter(entry -> entry.getValue().stream().anyMatch(keys::contains))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }
}
