package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.format.ProcessMaps;
import dev.eddy.engine.kernel.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that are to stay on the disk are not the process's for long, however many are read. */
final class RowsOnDiskTest {
  private static final int ROWS = 4_000;
  private static final int DIMENSION = 1_024;
  private static final long ROWS_KIB = 4L * ROWS * DIMENSION / 1_024;

  @TempDir Path folder;

  @Test
  void manyReadsKeepFewPages() throws IOException {
    ProcessMaps.assumeTold();
    assertThat(residentAfterAScan("memory", false)).isGreaterThanOrEqualTo(ROWS_KIB);
    assertThat(residentAfterAScan("disk", true)).isPositive().isLessThan(ROWS_KIB / 2);
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
