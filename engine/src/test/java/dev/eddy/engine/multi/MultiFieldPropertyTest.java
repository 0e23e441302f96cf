package dev.eddy.engine.multi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.engine.column.ColumnCheckpoint;
import dev.eddy.engine.column.ColumnHome;
import dev.eddy.engine.column.ColumnManifest;
import dev.eddy.engine.kernel.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random multivectors against the sum of best similarities in plain double arithmetic. */
final class MultiFieldPropertyTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Metric.class)
  void similaritiesEqualTheSumOfTheBest(Metric metric) throws IOException {
    Random random = new Random(17 + metric.code());
    int dimension = 1 + random.nextInt(40);
    MultiField field = MultiField.create("m", dimension, metric, home("live"));
    List<float[][]> stored = new ArrayList<>();
    BitSet live = new BitSet();
    for (int slot = 0; slot < 600; slot++) {
      float[][] rows = random.nextInt(6) == 0 ? new float[0][] : rows(random, dimension);
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
            "m", dimension, metric, home("restored"), checkpoint, manifest, live::get)) {
      assertThat(again.live()).isEqualTo(live.cardinality());
      check(again.view(), stored, live, rows(random, dimension), metric);
      assertThat(manifest.runs()).isNotEmpty();
      assertThat(again.liveRows())
          .isEqualTo(live.stream().mapToLong(slot -> stored.get(slot).length).sum());
    }
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
        assertThat(scorer.score(slot)).isNaN();
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
        assertThat((double) scorer.score(slot))
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
