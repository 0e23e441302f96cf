package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.engine.format.FileDamage;
import dev.eddy.engine.kernel.Metric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RowsFileTest {
  private static final int DIMENSION = 3;
  private static final VectorFieldSettings SETTINGS =
      VectorWorld.settings(Metric.DOT, DIMENSION, 50);

  @TempDir Path folder;

  private static float[] row(int slot) {
    return new float[] {slot, -slot, 0.5f * slot};
  }

  private RowsFile open(FilePart part) throws IOException {
    return RowsFile.open(folder, part, SETTINGS, 6, new FileDamage());
  }

  private void isAsWritten(FilePart part, List<Integer> slots, Random random) throws IOException {
    RowsFile file = open(part);
    assertThat(file.count()).isEqualTo(part.rows());
    assertThat(file.slots())
        .isEqualTo(slots.subList(0, part.rows()).stream().mapToInt(slot -> slot).toArray());
    for (int i = 0; i < 5; i++) {
      int first = random.nextInt(part.rows());
      int count = 1 + random.nextInt(part.rows() - first);
      List<Float> expected = new ArrayList<>();
      for (int slot : slots.subList(first, first + count)) {
        for (float number : row(slot)) {
          expected.add(number);
        }
      }
      List<Float> found = new ArrayList<>();
      file.read(
          first,
          count,
          (row, rows, bytes, at) -> {
            assertThat(row).isEqualTo(first + found.size() / DIMENSION);
            ByteBuffer numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(at);
            for (int n = 0; n < rows * DIMENSION; n++) {
              found.add(numbers.getFloat());
            }
          });
      assertThat(found).isEqualTo(expected);
    }
  }

  @Test
  void eachCheckpointFindsItsRowsHoweverTheFileGrowsOn() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Integer> slots = new ArrayList<>();
    List<FilePart> parts = new ArrayList<>();
    int slot = 6;
    try (RowsFileWriter writer = RowsFileWriter.create(folder.resolve("a.rows"), SETTINGS)) {
      for (int i = 0; i < 60; i++) {
        int rows = random.nextInt(10) == 0 ? random.nextInt(200_000) : 1 + random.nextInt(900);
        for (int row = 0; row < rows; row++) {
          slot += 1 + random.nextInt(3);
          slots.add(slot);
          writer.append(slot, row(slot));
        }
        parts.add(writer.force());
        assertThat(writer.force()).as("nothing new").isEqualTo(parts.getLast());
      }
    }
    for (FilePart part : parts) {
      try {
        isAsWritten(part, slots, random);
      } catch (IOException | AssertionError failure) {
        throw new AssertionError("seed " + seed + ", " + part, failure);
      }
    }
  }

  @Test
  void aChangedByteIsFoundWhereverItIs() throws IOException {
    FilePart part;
    Path file = folder.resolve("a.rows");
    try (RowsFileWriter writer = RowsFileWriter.create(file, SETTINGS)) {
      for (int slot = 7; slot < 20; slot++) {
        writer.append(slot, row(slot));
        var _ = writer.force();
      }
      part = writer.force();
    }
    int unused = 0;
    for (long at = 0; at < part.lengthBytes(); at++) {
      VectorFieldTest.flip(file, at);
      try {
        RowsFile found = open(part);
        found.read(0, part.rows(), (row, rows, numbers, from) -> {});
        unused++; // Of an index that a later one has taken the place of.
        assertThat(found.slots()).isEqualTo(IntStream.range(7, 20).toArray());
      } catch (CorruptFileException damaged) {
        assertThat(damaged).hasMessageContaining("a.rows");
      } catch (UncheckedIOException damaged) {
        assertThat(damaged).hasMessageContaining("a.rows");
        Files.move(folder.resolve("a.rows.corrupt"), file);
      }
      VectorFieldTest.flip(file, at);
    }
    assertThat(unused).as("bytes of indexes before the last").isPositive();
    assertThat(open(part).count()).isEqualTo(13);
  }

  @Test
  void slotsThatDoNotGoOnFromThoseBeforeAreRefused() throws IOException {
    FilePart part;
    try (RowsFileWriter writer = RowsFileWriter.create(folder.resolve("a.rows"), SETTINGS)) {
      writer.append(6, row(6));
      part = writer.force();
    }
    assertThatThrownBy(() -> open(part))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("slots above 6");
  }
}
