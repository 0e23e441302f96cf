package dev.eddy.engine.multi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.engine.column.ColumnCheckpoint;
import dev.eddy.engine.column.ColumnHome;
import dev.eddy.engine.column.ColumnManifest;
import dev.eddy.engine.kernel.ElementType;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.search.RowForm;
import dev.eddy.model.collection.Datatype;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Random multivectors against the sum of best similarities in plain double arithmetic. */
final class MultiFieldPropertyTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Metric.class)
  void similaritiesEqualTheSumOfTheBest(Metric metric) throws IOException {
    similaritiesEqualTheSumOfTheBest(metric, Datatype.FLOAT32);
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void soTheyAreOfHalves(Metric metric) throws IOException {
    similaritiesEqualTheSumOfTheBest(metric, Datatype.FLOAT16);
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void soTheyAreOfWholeNumbers(Metric metric) throws IOException {
    similaritiesEqualTheSumOfTheBest(metric, Datatype.UINT8);
  }

  private void similaritiesEqualTheSumOfTheBest(Metric metric, Datatype datatype)
      throws IOException {
    Random random = new Random(17 + metric.code());
    int dimension = 1 + random.nextInt(40);
    ElementType type = RowForm.keptType(datatype);
    MultiField field = MultiField.create("m", dimension, type, metric, home("live"));
    List<float[][]> stored = new ArrayList<>();
    BitSet live = new BitSet();
    for (int slot = 0; slot < 600; slot++) {
      float[][] rows = random.nextInt(6) == 0 ? new float[0][] : rows(random, dimension);
      for (float[] row : rows) {
        for (int i = 0; i < dimension && datatype == Datatype.UINT8; i++) {
          row[i] *= 200; // All would be 0.
        }
        datatype.round(row);
      }
      stored.add(rows);
      if (rows.length > 0) {
        float[] flat = new float[rows.length * dimension];
        for (int row = 0; row < rows.length; row++) {
          System.arraycopy(rows[row], 0, flat, row * dimension, dimension);
        }
        field.append(slot, rows.length, flat);
        live.set(slot);
      }
      int dying = live.nextSetBit(random.nextInt(slot + 1));
      if (random.nextBoolean() && dying >= 0) {
        field.noteDead(dying);
        live.clear(dying);
      }
      if (slot % 97 == 0) {
        field.maintain();
      }
    }
    check(field.view(), stored, live, rows(random, dimension), metric);

    Path checkpoint = Files.createDirectories(folder.resolve("checkpoint"));
    ColumnManifest manifest;
    try (ColumnCheckpoint taken = field.beginCheckpoint()) {
      manifest = taken.writeTo(checkpoint);
    }
    field.close();
    try (MultiField again =
        MultiField.restore(
            "m", dimension, type, metric, home("restored"), checkpoint, manifest, live::get)) {
      assertThat(again.live()).isEqualTo(live.cardinality());
      check(again.view(), stored, live, rows(random, dimension), metric);
      assertThat(manifest.runs()).isNotEmpty();
      assertThat(again.liveRows())
          .isEqualTo(live.stream().mapToLong(slot -> stored.get(slot).length).sum());
    }
  }

  /** Bit for bit, on the heap, in files and after a restart. */
  @ParameterizedTest
  @CsvSource({"FLOAT16, false", "FLOAT16, true", "UINT8, false", "UINT8, true"})
  void rowsScoreTheSameHoweverTheyAreKept(Datatype datatype, boolean isOfAnyLength)
      throws IOException {
    Random random = new Random(40 + datatype.ordinal());
    int dimension = 1 + random.nextInt(70);
    ElementType type = RowForm.keptType(datatype);
    MultiField narrow = field(dimension, type, "narrow", isOfAnyLength);
    MultiField floats = field(dimension, ElementType.FLOAT32, "floats", isOfAnyLength);
    for (int slot = 0; slot < 300; slot++) {
      int count = 1 + random.nextInt(5);
      float[] flat = new float[count * dimension];
      for (int i = 0; i < flat.length; i++) {
        flat[i] = 5 * random.nextFloat();
      }
      datatype.round(flat);
      narrow.append(slot, count, flat);
      floats.append(slot, count, flat);
      if (slot == 250) {
        settle(narrow); // The rest stays on the heap.
        settle(floats);
      }
    }
    float[][] query = rows(random, dimension);
    sameScores(narrow, floats, query);
    assertThat(narrow.dataBytes() * Float.BYTES).isEqualTo(floats.dataBytes() * type.bytes());
    assertThat(narrow.fileBytes()).isLessThan(floats.fileBytes());
    assertThat(narrow.heapBytes()).isLessThan(floats.heapBytes());
    Path checkpoint = Files.createDirectories(folder.resolve("checkpoint"));
    ColumnManifest manifest;
    try (ColumnCheckpoint taken = narrow.beginCheckpoint()) {
      manifest = taken.writeTo(checkpoint);
    }
    narrow.close();
    try (MultiField again = restored(dimension, type, checkpoint, manifest)) {
      if (isOfAnyLength) {
        again.keepLengths();
      }
      sameScores(again, floats, query);
    }
    floats.close();
  }

  private MultiField field(int dimension, ElementType type, String name, boolean isOfAnyLength)
      throws IOException {
    MultiField field = MultiField.create("m", dimension, type, Metric.COSINE, home(name));
    if (isOfAnyLength) {
      field.keepLengths();
    }
    return field;
  }

  private MultiField restored(
      int dimension, ElementType type, Path checkpoint, ColumnManifest manifest)
      throws IOException {
    return MultiField.restore(
        "m", dimension, type, Metric.COSINE, home("again"), checkpoint, manifest, slot -> true);
  }

  private static void settle(MultiField field) {
    while (field.maintain() || field.isBusy()) {
      // Done at once, and taken over.
    }
  }

  private static void sameScores(MultiField one, MultiField other, float[][] query) {
    MultiView.Scorer scores = one.view().scorer(query);
    MultiView.Scorer expected = other.view().scorer(query);
    for (int slot = 0; slot < other.slotCount(); slot++) {
      assertThat(score(scores, slot)).as("slot " + slot).isEqualTo(score(expected, slot));
      assertThat(one.rows(slot)).as("slot " + slot).isEqualTo(other.rows(slot));
    }
  }

  private static float score(MultiView.Scorer scorer, int slot) {
    float[] similarities = new float[1];
    scorer.score(new int[] {slot}, 1, similarities);
    return similarities[0];
  }

  private ColumnHome home(String name) throws IOException {
    return new ColumnHome(
        Files.createDirectories(folder.resolve(name)), Runnable::run, false, 20_000);
  }

  private static float[][] rows(Random random, int dimension) {
    float[][] rows = new float[1 + random.nextInt(9)][dimension];
    for (float[] row : rows) {
      for (int i = 0; i < dimension; i++) {
        row[i] = random.nextFloat() * 2 - 1;
      }
    }
    return rows;
  }

  private static void check(
      MultiView view, List<float[][]> stored, BitSet live, float[][] query, Metric metric) {
    MultiView.Scorer scorer = view.scorer(query);
    for (int slot = 0; slot < stored.size(); slot++) {
      if (stored.get(slot).length == 0) {
        assertThat(score(scorer, slot)).isNaN();
        assertThat(view.contains(slot)).isFalse();
      } else if (live.get(slot)) {
        double sum = 0;
        for (float[] wanted : query) {
          double best = Double.NEGATIVE_INFINITY;
          for (float[] row : stored.get(slot)) {
            best = Math.max(best, similarity(metric, wanted, row));
          }
          sum += best;
        }
        assertThat((double) score(scorer, slot))
            .as("slot " + slot)
            .isCloseTo(sum, within(1e-4 * Math.max(1, Math.abs(sum))));
      }
    }
  }

  private static double similarity(Metric metric, float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = a[i] - b[i];
      sum +=
          switch (metric) {
            case COSINE, DOT -> a[i] * b[i];
            case EUCLID -> -difference * difference;
            case MANHATTAN -> -Math.abs(difference);
          };
    }
    return sum;
  }
}
