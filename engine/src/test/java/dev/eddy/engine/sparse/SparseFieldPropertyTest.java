package dev.eddy.engine.sparse;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.column.ColumnCheckpoint;
import dev.eddy.engine.column.ColumnManifest;
import dev.eddy.engine.column.SlotColumn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random appends, deletes, maintenance and restarts against products summed one by one. */
final class SparseFieldPropertyTest {
  @TempDir Path folder;

  private final Map<Integer, TreeMap<Integer, Float>> stored = new HashMap<>();
  private final BitSet live = new BitSet();
  private int slots;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void searchesEqualTheSumOfProducts(long seed) throws IOException {
    Random random = new Random(seed);
    int vocabulary = 1 + random.nextInt(60);
    SparseField field = SparseField.create("s", Files.createDirectories(folder.resolve("live")));
    List<Old> olds = new ArrayList<>();
    for (int round = 0; round < 12; round++) {
      int appended = random.nextInt(900);
      for (int i = 0; i < appended; i++) {
        append(field, random, vocabulary);
        if (random.nextInt(3) > 0 && !live.isEmpty()) {
          kill(field, random);
        }
      }
      if (random.nextBoolean()) {
        field.maintain(live::get);
      }
      check(field.view(), live, slots, random, vocabulary);
      olds.add(new Old(field.view(), (BitSet) live.clone(), slots));
      if (random.nextInt(4) == 0) {
        field = restarted(field, round);
        check(field.view(), live, slots, random, vocabulary);
      }
    }
    // Views from before see what they saw.
    for (Old old : olds) {
      check(old.view, old.live, old.slots, random, vocabulary);
    }
    field.close();
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
  private static TreeMap<Integer, Float> vector(Random random, int vocabulary) {
    TreeMap<Integer, Float> vector = new TreeMap<>(Integer::compareUnsigned);
    int count = random.nextInt(8);
    for (int i = 0; i < count; i++) {
      int word = (int) (vocabulary * random.nextDouble() * random.nextDouble());
      float value = random.nextInt(9) - 3 + (random.nextBoolean() ? 0.37f : 0f);
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

  private SparseField restarted(SparseField field, int round) throws IOException {
    Path checkpoint = Files.createDirectories(folder.resolve("checkpoint-" + round));
    ColumnManifest manifest;
    try (ColumnCheckpoint taken = field.beginCheckpoint()) {
      manifest = ColumnManifest.decode(taken.writeTo(checkpoint).encode());
    }
    field.close();
    Path liveFolder = Files.createDirectories(folder.resolve("live-" + round));
    return SparseField.restore("s", liveFolder, checkpoint, manifest, slots, live::get);
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
    SlotColumn.Entry scratch = new SlotColumn.Entry();
    for (int slot = 0; slot < slotCount; slot++) {
      if (!alive.get(slot)) {
        continue;
      }
      Float score = product(wanted, vectorOf(slot));
      float one = view.score(query, slot, scratch);
      if (score == null) {
        assertThat(one).as("slot " + slot).isNaN();
      } else {
        assertThat(one).as("slot " + slot).isEqualTo(score);
        expected.add(new Hit(slot, score));
      }
    }
    expected.sort(BEST_FIRST);
    for (int k : new int[] {1, 10, Integer.MAX_VALUE}) {
      assertThat(search(view, query, alive, k))
          .as("best %d of %s %s", k, Arrays.toString(indices), Arrays.toString(values))
          .isEqualTo(expected.subList(0, Math.min(k, expected.size())));
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

  private static List<Hit> search(SparseView view, SparseQuery query, BitSet alive, int k) {
    PriorityQueue<Hit> best = new PriorityQueue<>(BEST_FIRST.reversed());
    view.search(
        query,
        new SparseHits() {
          @Override
          public float threshold() {
            return best.size() < k ? Float.NEGATIVE_INFINITY : best.element().score();
          }

          @Override
          public void offer(int slot, float score) {
            if (alive.get(slot)) {
              best.add(new Hit(slot, score));
              if (best.size() > k) {
                best.remove();
              }
            }
          }
        });
    return best.stream().sorted(BEST_FIRST).toList();
  }
}
