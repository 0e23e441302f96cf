package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.format.ProcessMaps;
import dev.eddy.engine.kernel.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows that are to stay on the disk never become the process's, however many are read. */
final class RowsOnDiskTest {
  private static final int ROWS = 4_000;
  private static final int DIMENSION = 1_024;
  private static final long ROWS_KIB = 4L * ROWS * DIMENSION / 1_024;

  @TempDir Path folder;

  @Test
  void manyReadsKeepNoPages() throws IOException {
    ProcessMaps.assumeTold();
    assertThat(residentAfterAScan("memory", false)).isGreaterThanOrEqualTo(ROWS_KIB);
    assertThat(residentAfterAScan("disk", true)).isPositive().isLessThan(ROWS_KIB / 8);
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void searchesFindTheSameWhileRowsGoToTheDiskAndBack(Metric metric) throws IOException {
    VectorFieldSettings settings = VectorWorld.sealing(metric, 100, 2_000);
    try (VectorWorld world = new VectorWorld(5, settings.onDisk(), folder)) {
      world.append(5_000).settle(); // Files, and rows that grow.
      for (VectorFieldSettings kept : List.of(settings.onDisk(), settings, settings.onDisk())) {
        world.configure(kept, FusedPolicy.none());
        world.settle();
        assertThat(world.recall(20, SlotSearch.exact(10), world.live::get)).isEqualTo(1.0);
        assertThat(world.recall(20, SlotSearch.exact(10), slot -> slot % 7 == 0)).isEqualTo(1.0);
        assertThat(world.recall(50, SlotSearch.nearest(10, 100), world.live::get))
            .isGreaterThan(0.95);
      }
    }
  }

  private long residentAfterAScan(String name, boolean isOnDisk) throws IOException {
    VectorFieldSettings settings = VectorWorld.sealing(Metric.EUCLID, DIMENSION, ROWS);
    VectorFieldSettings kept = isOnDisk ? settings.onDisk() : settings;
    Path place = Files.createDirectories(folder.resolve(name));
    try (VectorWorld world = new VectorWorld(4, kept, place)) {
      world.append(ROWS).settle();
      assertThat(world.recall(3, SlotSearch.exact(10), world.live::get)).isEqualTo(1.0);
      return ProcessMaps.residentKib(
          line -> line.contains(place.toString()) && line.contains(".segment"));
    }
  }
}
