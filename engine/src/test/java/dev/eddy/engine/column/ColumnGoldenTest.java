package dev.eddy.engine.column;

import static dev.eddy.engine.column.ColumnTexts.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.engine.kernel.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Old bytes are still read, and the same entries still write the same bytes. The files are written
 * only by {@code EDDY_GOLDEN_WRITE=true mvn -pl engine test -Dtest=ColumnGoldenTest}; a changed
 * layout gets a new version and a new folder.
 */
final class ColumnGoldenTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/column-v1");
  private static final Path GOLDEN_NARROW = Path.of("src/test/resources/golden/column-v3");

  @TempDir Path folder;

  private static ColumnSettings sparse() {
    return new ColumnSettings("sparse", 1, 1, 1, 6);
  }

  private static ColumnSettings multi() {
    return new ColumnSettings("multi", 0, 3, 8, 4);
  }

  private static ColumnSettings narrow(String stem, ElementType type) {
    return new ColumnSettings(stem, 0, 3, 16, 4, type);
  }

  private static Path golden(ColumnSettings settings) {
    return settings.isNarrow() ? GOLDEN_NARROW : GOLDEN;
  }

  private static SlotColumn filled(ColumnSettings settings, Path live) {
    SlotColumn column = SlotColumn.create(settings, home(live));
    for (int slot = 0; slot < 9; slot += 2) {
      int units = slot / 2;
      int[] ints = new int[units];
      float[] floats = new float[units * settings.floatsPerUnit()];
      Arrays.setAll(ints, i -> -1 - i);
      for (int i = 0; i < floats.length; i++) {
        floats[i] = slot + i * (settings.elementType() == ElementType.UINT8 ? 20 : 0.25f);
      }
      column.append(slot, units, ints, floats);
    }
    return column;
  }

  /** Nothing is sealed. */
  private static ColumnHome home(Path live) {
    return new ColumnHome(live, Runnable::run, false, 1 << 20);
  }

  private Path made(String name) throws IOException {
    return Files.createDirectories(folder.resolve(name));
  }

  private void check(ColumnSettings settings) throws IOException {
    Path checkpoint = made(settings.fileStem() + "-checkpoint");
    ColumnManifest manifest;
    try (SlotColumn column = filled(settings, made(settings.fileStem() + "-live"));
        ColumnCheckpoint taken = column.beginCheckpoint()) {
      manifest = taken.writeTo(checkpoint);
    }
    assertThat(manifest.parts()).hasSizeBetween(2, 3);
    Path goldens = golden(settings);
    Path golden = goldens.resolve(settings.fileStem() + ".manifest");
    if (Boolean.parseBoolean(System.getenv("EDDY_GOLDEN_WRITE"))) {
      Files.createDirectories(goldens);
      Files.write(golden, manifest.encode());
      for (ColumnPart part : manifest.parts()) {
        Files.write(
            goldens.resolve(part.name()), Files.readAllBytes(checkpoint.resolve(part.name())));
      }
    }
    assertThat(manifest.encode()).isEqualTo(Files.readAllBytes(golden));
    for (ColumnPart part : manifest.parts()) {
      assertThat(checkpoint.resolve(part.name()))
          .hasSameBinaryContentAs(goldens.resolve(part.name()));
    }
    Path copy = made(settings.fileStem() + "-golden");
    for (ColumnPart part : manifest.parts()) {
      Files.copy(goldens.resolve(part.name()), copy.resolve(part.name()));
    }
    try (SlotColumn read =
            SlotColumn.restore(
                settings,
                home(made(settings.fileStem() + "-restored")),
                copy,
                ColumnManifest.decode(Files.readAllBytes(golden)),
                ColumnGoldenTest::isKept);
        SlotColumn expected = filled(settings, made(settings.fileStem() + "-again"))) {
      assertThat(read.live()).isEqualTo(3);
      for (int slot = 0; slot < 9; slot++) {
        assertThat(entry(read, slot)).as("slot " + slot).isEqualTo(entry(expected, slot));
      }
    }
  }

  private static boolean isKept(int slot) {
    return slot != 4 && slot != 6;
  }

  @Test
  void sparseEntriesAreTheGoldenOnes() throws IOException {
    check(sparse());
  }

  @Test
  void rowsAreTheGoldenOnes() throws IOException {
    check(multi());
  }

  @Test
  void rowsOfHalvesAreTheGoldenOnes() throws IOException {
    check(narrow("half", ElementType.FLOAT16));
  }

  @Test
  void rowsOfWholeNumbersAreTheGoldenOnes() throws IOException {
    check(narrow("whole", ElementType.UINT8));
  }

  /** Builds before had floats in the file, whatever the numbers were rounded to. */
  @Test
  void floatsOfBuildsBeforeAreKeptNarrow() throws IOException {
    ColumnManifest golden =
        ColumnManifest.decode(Files.readAllBytes(GOLDEN.resolve("multi.manifest")));
    Path copy = made("floats");
    for (ColumnPart part : golden.parts()) {
      Files.copy(GOLDEN.resolve(part.name()), copy.resolve(part.name()));
    }
    ColumnSettings narrow = new ColumnSettings("multi", 0, 3, 8, 4, ElementType.FLOAT16);
    Path next = made("next");
    ColumnManifest manifest;
    try (SlotColumn column =
            SlotColumn.restore(
                narrow, home(made("first")), copy, golden, ColumnGoldenTest::isKept);
        SlotColumn expected = filled(multi(), made("expected"));
        ColumnCheckpoint taken = column.beginCheckpoint()) {
      for (int slot = 0; slot < 9; slot++) {
        assertThat(entry(column, slot)).as("slot " + slot).isEqualTo(entry(expected, slot));
      }
      assertThat(column.dataBytes()).isEqualTo(expected.dataBytes() / 2 - 5 * 3 * 2);
      manifest = taken.writeTo(next);
    }
    assertThat(manifest.parts()).as("files stay as they are").isEqualTo(golden.parts());
  }

  @Test
  void filesOfAnotherTypeAreRefused() throws IOException {
    Path checkpoint = made("halves");
    ColumnManifest manifest;
    try (SlotColumn column = filled(narrow("half", ElementType.FLOAT16), made("live"));
        ColumnCheckpoint taken = column.beginCheckpoint()) {
      manifest = taken.writeTo(checkpoint);
    }
    for (ElementType other : List.of(ElementType.FLOAT32, ElementType.UINT8)) {
      ColumnHome home = home(made("as-" + other));
      assertThatThrownBy(() ->
              SlotColumn.restore(narrow("half", other), home, checkpoint, manifest, slot -> true))
          .isInstanceOf(CorruptFileException.class);
    }
  }

  /** Builds before had slots in any order in any number of chunks. */
  @Test
  void chunksOfBuildsBeforeBecomeSealedFiles() throws IOException {
    ColumnSettings settings = sparse();
    ColumnManifest golden =
        ColumnManifest.decode(Files.readAllBytes(GOLDEN.resolve("sparse.manifest")));
    Path copy = made("reversed");
    for (ColumnPart part : golden.parts()) {
      Files.copy(GOLDEN.resolve(part.name()), copy.resolve(part.name()));
    }
    ColumnManifest reversed =
        new ColumnManifest(golden.nextFile(), golden.parts().reversed(), List.of());
    ColumnHome home = new ColumnHome(made("sealed"), Runnable::run, true, 1);
    try (SlotColumn column =
            SlotColumn.restore(settings, home, copy, reversed, ColumnGoldenTest::isKept);
        SlotColumn expected = filled(settings, made("expected"));
        ColumnCheckpoint taken = sealed(column).beginCheckpoint()) {
      assertThat(taken.writeTo(made("next")).runs()).isNotEmpty();
      assertThat(column.live()).isEqualTo(3);
      for (int slot = 0; slot < 9; slot++) {
        assertThat(entry(column, slot))
            .as("slot " + slot)
            .isEqualTo(isKept(slot) ? entry(expected, slot) : "none");
      }
    }
  }

  private static SlotColumn sealed(SlotColumn column) {
    var _ = column.maintain(); // Done at once,
    var _ = column.maintain(); // and taken over.
    return column;
  }

  @Test
  void aFlippedBitIsNamed() throws IOException {
    Path checkpoint = made("damaged");
    ColumnManifest manifest;
    try (SlotColumn column = filled(sparse(), made("live"));
        ColumnCheckpoint taken = column.beginCheckpoint()) {
      manifest = taken.writeTo(checkpoint);
    }
    Path file = checkpoint.resolve(manifest.parts().getFirst().name());
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 3] ^= 4;
    Files.delete(file);
    Files.write(file, bytes, StandardOpenOption.CREATE_NEW);
    Path live = made("restored");
    assertThatThrownBy(
            () -> SlotColumn.restore(sparse(), home(live), checkpoint, manifest, slot -> true))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("crc32c");
  }
}
