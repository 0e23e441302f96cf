package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.eddy.engine.format.CheckedBlocks;
import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.engine.kernel.ElementType;
import dev.eddy.engine.kernel.Metric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of several blocks, of which opening reads a few. */
class SealedFileTest {
  private static final int ROWS = 3_000;
  private static final int DIMENSION = 48;

  @TempDir Path folder;

  private VectorWorld world;
  private Path checkpoint;
  private VectorFieldManifest manifest;
  private FilePart part;

  /** Of the rows. */
  ElementType elementType() {
    return ElementType.FLOAT32;
  }

  @BeforeEach
  void write() throws IOException {
    world =
        new VectorWorld(
            6, VectorWorld.sealing(Metric.DOT, DIMENSION, ROWS).with(elementType()), folder);
    world.append(ROWS).settle();
    checkpoint = Files.createDirectories(folder.resolve("checkpoint"));
    manifest = world.field.writeTo(checkpoint);
    part = manifest.files().getFirst();
    assertThat(part.name()).endsWith(".segment");
    assertThat(part.lengthBytes()).isGreaterThan(20L * CheckedBlocks.PAGE_BYTES);
  }

  @AfterEach
  void close() {
    world.close();
  }

  private static SealedSegment sealed(VectorField field) {
    return (SealedSegment) field.segments().getFirst();
  }

  /** Every row by a scan, and links by a walk. */
  private void searchEverything(VectorField field) {
    VectorFieldSnapshot snapshot = field.snapshot();
    try {
      for (SlotSearch search :
          new SlotSearch[] {SlotSearch.exact(10), SlotSearch.nearest(ROWS, ROWS)}) {
        TopSlots top = new TopSlots(search.k());
        snapshot.search(world.vector(), search, slot -> true, top);
        assertThat(top.size()).isEqualTo(search.k());
      }
      float[] copy = new float[DIMENSION];
      assertThat(snapshot.copyVector(world.vectors.firstKey(), copy)).isTrue();
    } finally {
      snapshot.release();
    }
  }

  @Test
  void openingReadsNeitherRowsNorLinks() throws IOException {
    try (VectorField field = world.restoreFrom(checkpoint, manifest)) {
      assertThat(sealed(field).blocksRead()).isLessThanOrEqualTo(8);
      searchEverything(field);
      assertThat(sealed(field).blocksRead())
          .isGreaterThan((int) (part.lengthBytes() / CheckedBlocks.PAGE_BYTES) - 2);
    }
  }

  @Test
  void whatIsReadAheadIsChecked() throws IOException {
    try (VectorField field = world.restoreFrom(checkpoint, manifest)) {
      field.readAhead();
      VectorWorld.await(() -> sealed(field).isChecked());
      searchEverything(field);
    }
  }

  /** Whether opening finds it; else a search does, and from then on everything says so. */
  private boolean isFoundAtOpening(long at) throws IOException {
    VectorField field;
    try {
      field = world.restoreFrom(checkpoint, manifest);
    } catch (CorruptFileException found) {
      assertThat(found).hasMessageContaining(part.name());
      return true;
    }
    try (field) {
      Throwable found = catchThrowable(() -> searchEverything(field));
      if (found == null) {
        found = catchThrowable(() -> sealed(field).checkAll()); // Links nobody followed.
      }
      assertThat(found).as("byte %d", at).isInstanceOf(UncheckedIOException.class);
      assertThat(found.getCause()).isInstanceOf(CorruptFileException.class);
      assertThatThrownBy(() -> field.maintain(slot -> true))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining(part.name());
    }
    assertThatThrownBy(() -> world.restoreFrom(checkpoint, manifest, Set.of(part.name())))
        .as("a suspect of which byte %d is another", at)
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining(part.name());
    return false;
  }

  @Test
  void anyChangedByteIsFoundBeforeItIsUsed() throws IOException {
    Path file = checkpoint.resolve(part.name());
    int later = 0;
    for (long at = 0; at < part.lengthBytes(); at += at < 256 ? 1 : 7_919) {
      VectorFieldTest.flip(file, at);
      later += isFoundAtOpening(at) ? 0 : 1;
      VectorFieldTest.flip(file, at);
    }
    for (long at = part.lengthBytes() - 48; at < part.lengthBytes(); at++) {
      VectorFieldTest.flip(file, at);
      assertThat(isFoundAtOpening(at)).as("byte %d of the end", at).isTrue();
      VectorFieldTest.flip(file, at);
    }
    assertThat(later).isGreaterThan(20);
    world.restoreFrom(checkpoint, manifest, Set.of(part.name())).close();
  }
}
