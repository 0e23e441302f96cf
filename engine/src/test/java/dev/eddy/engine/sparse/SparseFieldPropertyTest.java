package dev.eddy.engine.sparse;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.column.ColumnManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random appends, deletes, filters, maintenance, checkpoints, damaged files and restarts against
 * products summed one by one.
 */
final class SparseFieldPropertyTest {
  @TempDir Path folder;

  private final Map<Integer, TreeMap<Integer, Float>> stored = new HashMap<>();
  private final BitSet live = new BitSet();
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private int slots;
  private boolean onlyPositive;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void searchesEqualTheSumOfProducts(long seed) throws IOException {
    Random random = new Random(seed);
    int vocabulary = 1 + random.nextInt(60);
    onlyPositive = random.nextInt(3) == 0;
    SparseField field =
        SparseField.create(settings(Files.createDirectories(folder.resolve("live"))));
    List<Old> olds = new ArrayList<>();
    for (int round = 0; round < 12; round++) {
      int appended = random.nextInt(random.nextInt(4) == 0 ? 9_000 : 900);
      for (int i = 0; i < appended; i++) {
        append(field, random, vocabulary);
        if (random.nextInt(3) > 0 && !live.isEmpty()) {
          kill(field, random);
        }
        if (random.nextInt(400) == 0) {
          work(field, random);
        }
      }
      work(field, random);
      check(field.view(), live, slots, random, vocabulary);
      olds.add(new Old(field.view(), (BitSet) live.clone(), slots));
      if (random.nextInt(4) == 0) {
        field = restarted(field, round, random);
        check(field.view(), live, slots, random, vocabulary);
      }
    }
    // Views from before see what they saw.
    for (Old old : olds) {
      check(old.view, old.live, old.slots, random, vocabulary);
    }
    field.close();
  }

  /** Background work ends whenever it likes. */
  private void work(SparseField field, Random random) {
    if (random.nextBoolean()) {
      field.maintain(live::get);
    }
    if (random.nextBoolean() && !tasks.isEmpty()) {
      tasks.removeFirst().run();
    }
  }

  private record Old(SparseView view, BitSet live, int slots) {}

  private void append(SparseField field, Random random, int vocabulary) {
    int slot = slots++;
    if (random.nextInt(5) == 0) {
      return; // A point without this vector.
    }
    TreeMap<Integer, Float> vector = vector(random, vocabulary);
    int[] indices = vector.keySet().stream().mapToInt(Integer::intValue).toArray();
    float[] values = new float[indices.length];
    for (int i = 0; i < indices.length; i++) {
      values[i] = requireNonNull(vector.get(indices[i]));
    }
    field.append(slot, new SparseQuery(indices, values));
    stored.put(slot, vector);
    live.set(slot);
  }

  /** Indices above 2^31, too, in their unsigned order. */
  private TreeMap<Integer, Float> vector(Random random, int vocabulary) {
    TreeMap<Integer, Float> vector = new TreeMap<>(Integer::compareUnsigned);
    int count = random.nextInt(8);
    for (int i = 0; i < count; i++) {
      int word = (int) (vocabulary * random.nextDouble() * random.nextDouble());
      float value =
          random.nextInt(9) - (onlyPositive ? 0 : 3) + (random.nextBoolean() ? 0.37f : 0f);
      vector.put(word * 0x2000_0001, value);
    }
    return vector;
  }

  private void kill(SparseField field, Random random) {
    int slot = live.nextSetBit(random.nextInt(slots));
    if (slot >= 0) {
      field.noteDead(slot);
      live.clear(slot);
    }
  }

  private SparseField restarted(SparseField field, int round, Random random) throws IOException {
    Path checkpoint = Files.createDirectories(folder.resolve("checkpoint-" + round));
    SparseField.Stored stored;
    try (SparseField.Checkpoint taken = field.beginCheckpoint()) {
      stored = taken.writeTo(checkpoint);
    }
    if (random.nextBoolean()) {
      field.maintain(live::get);
      check(field.view(), live, slots, random, 30);
    }
    field.close();
    tasks.clear();
    damage(checkpoint, stored.index(), random);
    Path liveFolder = Files.createDirectories(folder.resolve("live-" + round));
    return SparseField.restore(
        settings(liveFolder),
        new SparseField.Stored(
            checkpoint,
            ColumnManifest.decode(stored.vectors().encode()),
            SparseManifest.decode(stored.index().encode())),
        slots,
        live::get);
  }

  /** In the middle of a file it is found when the list is read, elsewhere at once. */
  private static void damage(Path checkpoint, SparseManifest index, Random random)
      throws IOException {
    for (SparseManifest.Run run : index.runs()) {
      Path file = checkpoint.resolve(run.name());
      byte[] bytes = Files.readAllBytes(file);
      switch (random.nextInt(6)) {
        case 0 -> Files.delete(file);
        case 1 -> rewrite(file, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
        case 2 -> {
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
          rewrite(file, bytes);
        }
        case 3 -> {
          for (int at = 16; at < bytes.length / 2; at += 3) {
            bytes[at]++;
          }
          rewrite(file, bytes);
        }
        default -> {} // As it was written.
      }
    }
  }

  /** Another file of this name, so that who has the old one mapped keeps it. */
  private static void rewrite(Path file, byte[] bytes) throws IOException {
    Files.delete(file);
    Files.write(file, bytes);
  }

  private SparseSettings settings(Path liveFolder) {
    return new SparseSettings("s", liveFolder, tasks::add, false, 2_000);
  }

  private record Hit(int slot, float score) {}

  private static final Comparator<Hit> BEST_FIRST =
      Comparator.comparingDouble(Hit::score).thenComparingInt(Hit::slot).reversed();

  private void check(SparseView view, BitSet alive, int slotCount, Random random, int vocabulary) {
    TreeMap<Integer, Float> wanted = vector(random, vocabulary);
    List<Integer> shuffled = new ArrayList<>(wanted.keySet());
    Collections.shuffle(shuffled, random);
    int[] indices = shuffled.stream().mapToInt(Integer::intValue).toArray();
    float[] values = new float[indices.length];
    for (int i = 0; i < indices.length; i++) {
      values[i] = requireNonNull(wanted.get(indices[i]));
    }
    SparseQuery query = SparseQuery.of(indices, values);
    List<Hit> expected = new ArrayList<>();
    SparseView.Scorer scorer = view.scorer(query);
    for (int slot = 0; slot < slotCount; slot++) {
      if (!alive.get(slot)) {
        continue;
      }
      Float score = product(wanted, vectorOf(slot));
      float one = scorer.score(slot);
      if (score == null) {
        assertThat(one).as("slot " + slot).isNaN();
      } else {
        assertThat(one).as("slot " + slot).isEqualTo(score);
        expected.add(new Hit(slot, score));
      }
    }
    expected.sort(BEST_FIRST);
    BitSet wantedSlots = (BitSet) alive.clone();
    for (int slot = 0; slot < slotCount; slot++) {
      wantedSlots.set(slot, alive.get(slot) && slot % 7 < 2);
    }
    List<Hit> filtered = expected.stream().filter(hit -> hit.slot % 7 < 2).toList();
    for (int k : new int[] {1, 10, Integer.MAX_VALUE}) {
      assertThat(search(view, query, alive, k, null))
          .as("best %d of %s %s", k, Arrays.toString(indices), Arrays.toString(values))
          .isEqualTo(expected.subList(0, Math.min(k, expected.size())));
      for (Among among : new Among[] {null, among(wantedSlots, 1), among(wantedSlots, 1 << 20)}) {
        assertThat(search(view, query, wantedSlots, k, among))
            .as("best %d matching of %s", k, Arrays.toString(indices))
            .isEqualTo(filtered.subList(0, Math.min(k, filtered.size())));
      }
    }
    for (int index : indices) {
      long having = alive.stream().filter(slot -> vectorOf(slot).containsKey(index)).count();
      assertThat(view.frequency(index, alive::get)).isEqualTo((int) having);
    }
    assertThat(view.indexed())
        .isEqualTo((int) alive.stream().filter(slot -> !vectorOf(slot).isEmpty()).count());
  }

  private TreeMap<Integer, Float> vectorOf(int slot) {
    return requireNonNull(stored.get(slot));
  }

  private static @Nullable Float product(
      TreeMap<Integer, Float> query, TreeMap<Integer, Float> vector) {
    @Nullable Float sum = null;
    for (Map.Entry<Integer, Float> entry : query.entrySet()) {
      Float weight = vector.get(entry.getKey());
      if (weight != null) {
        sum = (sum == null ? 0f : sum) + entry.getValue() * weight;
      }
    }
    return sum;
  }

  private static Among among(BitSet slots, long count) {
    return new Among() {
      @Override
      public long count() {
        return count;
      }

      @Override
      public void forEach(IntPredicate consumer) {
        int slot = slots.nextSetBit(0);
        while (slot >= 0 && consumer.test(slot)) {
          slot = slots.nextSetBit(slot + 1);
        }
      }
    };
  }

  private static List<Hit> search(
      SparseView view, SparseQuery query, BitSet alive, int k, @Nullable Among among) {
    PriorityQueue<Hit> best = new PriorityQueue<>(BEST_FIRST.reversed());
    view.search(
        query,
        among,
        new SparseHits() {
          @Override
          public float threshold() {
            return best.size() < k ? Float.NEGATIVE_INFINITY : best.element().score();
          }

          @Override
          public int wanted() {
            return k;
          }

          @Override
          public boolean accepts(int slot) {
            return alive.get(slot);
          }

          @Override
          public void offer(int slot, float score) {
            best.add(new Hit(slot, score));
            if (best.size() > k) {
              best.remove();
            }
          }
        });
    return best.stream().sorted(BEST_FIRST).toList();
  }
}
