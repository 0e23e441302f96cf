package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.model.shard.VectorForms;
import dev.eddy.model.shard.VectorForms.Unfused;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A field says by what it is searched, and why not by something faster. */
final class SegmentFormsTest {
  private static final int ROWS = 1_500;

  @TempDir Path folder;
  private int worlds;

  private static VectorFieldSettings settings(Metric metric, int dimension, int m, int fullScan) {
    return new VectorFieldSettings(
        "text", dimension, metric, new GraphParams(m, 32), 500, 1 << 20, fullScan, 0);
  }

  private VectorForms forms(VectorFieldSettings settings, FusedPolicy policy) throws IOException {
    try (VectorWorld world = new VectorWorld(3, settings, folder.resolve("world" + worlds++))) {
      world.configure(settings, policy);
      // A graph that is to have the form is built anew with it: then it grows as others do.
      world.append(ROWS).settle();
      return world.field.stats().forms();
    }
  }

  private static VectorForms whole(Unfused why) {
    return new VectorForms(ROWS, 0, 0, 0, Map.of(why, (long) ROWS));
  }

  private static FusedPolicy policy(int minRows, long bytes) {
    return new FusedPolicy(minRows, new ByteBudget(bytes));
  }

  @Test
  void slotsAreThoseOfTheBlocks() throws IOException {
    VectorFieldSettings settings = settings(Metric.EUCLID, 32, 8, 100);
    assertThat(forms(settings, policy(1_000, 1L << 30)))
        .isEqualTo(new VectorForms(0, 0, ROWS, 32L * ROWS, Map.of()));
    VectorFieldSettings links = settings(Metric.EUCLID, 32, 32, 100);
    assertThat(forms(links, policy(1_000, 1L << 30)).slots()).isEqualTo(64L * ROWS);
    assertThat(forms(links, policy(1_000, 1L << 30).wide()).slots()).isEqualTo(128L * ROWS);
  }

  @Test
  void whyNot() throws IOException {
    FusedPolicy policy = policy(1_000, 1L << 30);
    VectorFieldSettings usual = settings(Metric.EUCLID, 32, 8, 100);
    assertThat(forms(usual, FusedPolicy.none())).isEqualTo(whole(Unfused.SETTING));
    assertThat(forms(usual, policy(2_000, 1L << 30))).isEqualTo(whole(Unfused.FEW));
    assertThat(forms(usual, policy(1_000, 1))).isEqualTo(whole(Unfused.MEMORY));
    assertThat(forms(settings(Metric.EUCLID, 32, 8, 2_000), policy))
        .isEqualTo(whole(Unfused.NO_GRAPH));
    assertThat(forms(settings(Metric.MANHATTAN, 32, 8, 100), policy))
        .isEqualTo(whole(Unfused.METRIC));
    assertThat(forms(settings(Metric.EUCLID, 257, 8, 100), policy))
        .isEqualTo(whole(Unfused.DIMENSION));
    assertThat(forms(settings(Metric.EUCLID, 32, 65, 100), policy)).isEqualTo(whole(Unfused.LINKS));
  }
}
