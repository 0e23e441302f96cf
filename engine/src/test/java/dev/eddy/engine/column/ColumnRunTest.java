package dev.eddy.engine.column;

import static dev.eddy.engine.column.ColumnTexts.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.engine.format.FileDamage;
import dev.eddy.engine.kernel.ElementType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sealed files: old bytes are still read, the same entries still write the same bytes, damage is
 * named. The golden files are written only by {@code EDDY_GOLDEN_WRITE=true mvn -pl engine test
 * -Dtest=ColumnRunTest}; a changed layout gets a new version and a new folder.
 */
final class ColumnRunTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/column-v2");
  private static final Path GOLDEN_NARROW = Path.of("src/test/resources/golden/column-v4");
  private static final int SLOTS = 40;

  @TempDir Path folder;

  private Path checkpoint;

  @BeforeEach
  void makeFolder() throws IOException {
    checkpoint = made("checkpoint");
  }

  private static ColumnSettings sparse() {
    return new ColumnSettings("sparse", 1, 1, 1, 6);
  }

  private static ColumnSettings multi() {
    return new ColumnSettings("multi", 0, 3, 16, 4);
  }

  private static ColumnSettings narrow(String stem, ElementType type) {
    return new ColumnSettings(stem, 0, 3, 16, 4, type);
  }

  private Path made(String name) throws IOException {
    return Files.createDirectories(folder.resolve(name));
  }

  private ColumnHome home(String name) throws IOException {
    return new ColumnHome(made(name), Runnable::run, false, 200);
  }

  /** Entries of no unit, gaps and a dead slot. */
  private SlotColumn filled(ColumnSettings settings, String name, int unitsMost)
      throws IOException {
    SlotColumn column = SlotColumn.create(settings, home(name));
    for (int slot = 0; slot < SLOTS; slot++) {
      if (slot % 4 != 2) {
        int units = slot % unitsMost;
        int[] ints = new int[units];
        float[] floats = new float[units * settings.floatsPerUnit()];
        Arrays.setAll(ints, i -> -1 - i);
        for (int i = 0; i < floats.length; i++) {
          floats[i] = slot + i * (settings.elementType() == ElementType.UINT8 ? 15 : 0.25f);
        }
        column.append(slot, units, ints, floats);
      }
      if (slot == 7) {
        column.noteDead(5);
      }
      if (slot < SLOTS - 3) {
        var _ = column.maintain(); // Done at once,
        var _ = column.maintain(); // and taken over.
      }
    }
    return column;
  }

  private ColumnManifest written(ColumnSettings settings, int unitsMost) throws IOException {
    try (SlotColumn column = filled(settings, settings.fileStem() + "-live", unitsMost);
        ColumnCheckpoint taken = column.beginCheckpoint()) {
      return taken.writeTo(checkpoint);
    }
  }

  private SlotColumn restored(ColumnSettings settings, ColumnManifest manifest, String name)
      throws IOException {
    return SlotColumn.restore(settings, home(name), checkpoint, manifest, slot -> slot != 5);
  }

  private void check(ColumnSettings settings) throws IOException {
    ColumnManifest manifest = written(settings, 5);
    assertThat(manifest.runs()).isNotEmpty();
    Path goldens = settings.isNarrow() ? GOLDEN_NARROW : GOLDEN;
    Path golden = goldens.resolve(settings.fileStem() + ".manifest");
    if (Boolean.parseBoolean(System.getenv("EDDY_GOLDEN_WRITE"))) {
      Files.createDirectories(goldens);
      Files.write(golden, manifest.encode());
      for (Path file : files(manifest, checkpoint)) {
        Files.write(goldens.resolve(String.valueOf(file.getFileName())), Files.readAllBytes(file));
      }
    }
    assertThat(manifest.encode()).isEqualTo(Files.readAllBytes(golden));
    for (Path file : files(manifest, checkpoint)) {
      Path old = goldens.resolve(String.valueOf(file.getFileName()));
      assertThat(file).hasSameBinaryContentAs(old);
      Files.delete(file);
      Files.copy(old, file);
    }
    ColumnManifest stored = ColumnManifest.decode(Files.readAllBytes(golden));
    try (SlotColumn read = restored(settings, stored, "read");
        SlotColumn expected = filled(settings, "expected", 5)) {
      assertThat(read.live()).isEqualTo(expected.live());
      for (int slot = 0; slot < SLOTS; slot++) {
        if (slot != 5) {
          assertThat(entry(read, slot)).as("slot " + slot).isEqualTo(entry(expected, slot));
        }
      }
    }
  }

  private static Iterable<Path> files(ColumnManifest manifest, Path folder) {
    return Stream.concat(
            manifest.runs().stream().map(StoredRun::name),
            manifest.parts().stream().map(ColumnPart::name))
        .map(folder::resolve)
        .toList();
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
  void floatsOfBuildsBeforeAreMadeNarrowWhenTheyAreWrittenAnew() throws IOException {
    ColumnManifest golden =
        ColumnManifest.decode(Files.readAllBytes(GOLDEN.resolve("multi.manifest")));
    for (Path file : files(golden, GOLDEN)) {
      Files.copy(file, checkpoint.resolve(String.valueOf(file.getFileName())));
    }
    ColumnSettings narrow = narrow("multi", ElementType.FLOAT16);
    Path next = made("next");
    ColumnManifest rewritten;
    try (SlotColumn column = restored(narrow, golden, "first");
        SlotColumn expected = filled(multi(), "expected", 5)) {
      sameFrom(0, column, expected);
      long before = column.fileBytes();
      for (int slot = 0; slot < 24; slot++) {
        column.noteDead(slot);
      }
      while (column.maintain() || column.isBusy()) {
        // Done at once, and taken over.
      }
      sameFrom(24, column, expected);
      assertThat(column.fileBytes()).isLessThan(before / 2);
      try (ColumnCheckpoint taken = column.beginCheckpoint()) {
        rewritten = taken.writeTo(next);
      }
    }
    assertThat(version(next.resolve(rewritten.runs().getFirst().name())))
        .isEqualTo(ColumnRun.VERSION_NARROW);
    try (SlotColumn column =
            SlotColumn.restore(narrow, home("second"), next, rewritten, slot -> slot >= 24);
        SlotColumn expected = filled(multi(), "expected-again", 5)) {
      sameFrom(24, column, expected);
    }
  }

  private static int version(Path file) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).getInt(8);
  }

  private static void sameFrom(int first, SlotColumn column, SlotColumn expected) {
    for (int slot = first; slot < SLOTS; slot++) {
      if (slot != 5) {
        assertThat(entry(column, slot)).as("slot " + slot).isEqualTo(entry(expected, slot));
      }
    }
  }

  @Test
  void filesOfAnotherTypeAreRefused() throws IOException {
    ColumnManifest manifest = written(narrow("half", ElementType.FLOAT16), 5);
    for (ElementType other : List.of(ElementType.FLOAT32, ElementType.UINT8)) {
      assertThatThrownBy(() -> restored(narrow("half", other), manifest, "as-" + other))
          .isInstanceOf(CorruptFileException.class);
    }
  }

  @Test
  void openingReadsNoEntry() throws IOException {
    ColumnManifest manifest = written(sparse(), 5);
    try (SlotColumn column = restored(sparse(), manifest, "again")) {
      ColumnEntry entry = new ColumnEntry();
      for (int slot = 0; slot < manifest.runs().getLast().to(); slot++) {
        assertThat(column.contains(slot)).isEqualTo(column.find(slot, entry));
      }
      assertThat(column.blocksRead()).isZero();
      assertThat(column.find(3, entry)).isTrue();
      assertThat(entry.floats()).isNotEmpty();
      assertThat(column.blocksRead()).isEqualTo(1);
    }
  }

  @Test
  void readingAheadBeginsWhenItIsWanted() throws IOException {
    ColumnManifest manifest = written(sparse(), 5);
    try (SlotColumn column = restored(sparse(), manifest, "again")) {
      column.readAhead(false);
      assertThat(column.blocksRead()).isZero();
      column.readAhead(true); // Done at once, on this thread.
      assertThat(column.blocksRead()).isGreaterThanOrEqualTo(manifest.runs().size());
    }
  }

  private static int dataEnd(byte[] file) {
    // Units are the fourth number of the footer.
    int at = file.length - ColumnRun.FOOTER_BYTES + 12;
    return ColumnRun.HEADER_BYTES + 8 * (file[at] & 0xff | (file[at + 1] & 0xff) << 8);
  }

  @Test
  void anyChangedByteIsFound() throws IOException {
    ColumnManifest manifest = written(sparse(), 5);
    Path file = checkpoint.resolve(manifest.runs().getFirst().name());
    byte[] intact = Files.readAllBytes(file);
    int end = dataEnd(intact);
    for (int at = 0;
        at < intact.length;
        at += at > ColumnRun.HEADER_BYTES && at < end - 90 ? 89 : 1) {
      byte[] bytes = intact.clone();
      bytes[at] ^= 4;
      rewrite(file, bytes);
      boolean isData = at >= ColumnRun.HEADER_BYTES && at < end;
      String name = "damaged-" + at;
      if (isData) {
        damageIsFoundWhenRead(manifest, name);
      } else {
        assertThatThrownBy(() -> restored(sparse(), manifest, name).close())
            .as("byte " + at)
            .isInstanceOf(CorruptFileException.class);
      }
    }
    for (int length = 0; length < intact.length; length += 7) {
      rewrite(file, Arrays.copyOf(intact, length));
      assertThatThrownBy(() -> restored(sparse(), manifest, "cut").close())
          .isInstanceOf(CorruptFileException.class);
    }
    Files.delete(file);
    assertThatThrownBy(() -> restored(sparse(), manifest, "gone").close())
        .isInstanceOf(CorruptFileException.class);
    rewrite(file, intact);
    restored(sparse(), manifest, "intact").close();
  }

  /** Another file of this name, so that who has the old one mapped keeps it. */
  private static void rewrite(Path file, byte[] bytes) throws IOException {
    Files.deleteIfExists(file);
    Files.write(file, bytes);
  }

  private void damageIsFoundWhenRead(ColumnManifest manifest, String name) throws IOException {
    try (SlotColumn column = restored(sparse(), manifest, name)) {
      ColumnEntry entry = new ColumnEntry();
      assertThat(column.find(3, entry)).isTrue();
      assertThatThrownBy(entry::ints)
          .isInstanceOf(UncheckedIOException.class)
          .hasRootCauseInstanceOf(CorruptFileException.class);
      assertThatThrownBy(column::maintain).hasRootCauseInstanceOf(CorruptFileException.class);
      try (ColumnCheckpoint taken = column.beginCheckpoint()) {
        Path next = made(name + "-next");
        assertThatThrownBy(() -> taken.writeTo(next)).isInstanceOf(IOException.class);
      }
    }
    String damaged = manifest.runs().getFirst().name();
    assertThat(made(name).resolve(damaged + ".corrupt")).exists();
    assertThatThrownBy(() -> suspecting(damaged, manifest, name + "-again"))
        .as("what the next start does")
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining(damaged);
  }

  /** Restores it where a file was found damaged in the life before. */
  private SlotColumn suspecting(String file, ColumnManifest manifest, String name)
      throws IOException {
    ColumnHome home =
        new ColumnHome(
            made(name), Runnable::run, false, 200, System::nanoTime, new FileDamage(Set.of(file)));
    return SlotColumn.restore(sparse(), home, checkpoint, manifest, slot -> slot != 5);
  }

  @Test
  void ofFilesFoundDamagedBeforeEverythingIsRead() throws IOException {
    ColumnManifest manifest = written(sparse(), 5);
    try (SlotColumn column = suspecting(manifest.runs().getFirst().name(), manifest, "suspect")) {
      assertThat(column.blocksRead()).as("all of the suspect").isEqualTo(1);
    }
    try (SlotColumn column = suspecting("another-7.column", manifest, "others")) {
      assertThat(column.blocksRead()).isZero();
    }
  }

  @Test
  void readingAheadFindsDamage() throws IOException {
    ColumnManifest manifest = written(sparse(), 5);
    Path file = checkpoint.resolve(manifest.runs().getFirst().name());
    byte[] bytes = Files.readAllBytes(file);
    bytes[ColumnRun.HEADER_BYTES + 5] ^= 1;
    rewrite(file, bytes);
    ColumnHome home = new ColumnHome(made("ahead"), Runnable::run, true, 200);
    try (SlotColumn column =
        SlotColumn.restore(sparse(), home, checkpoint, manifest, slot -> slot != 5)) {
      assertThatThrownBy(column::maintain).isInstanceOf(UncheckedIOException.class);
    }
  }

  /** Blocks are of 64 KiB: entries lie across their ends. */
  @Test
  void longEntriesAreReadAcrossBlocks() throws IOException {
    ColumnSettings settings = new ColumnSettings("long", 0, 100, 112, 1 << 10);
    SlotColumn column = SlotColumn.create(settings, home("long"));
    for (int slot = 0; slot < 60; slot++) {
      float[] floats = new float[100 * 37];
      Arrays.fill(floats, slot);
      column.append(slot, 37, new int[0], floats);
    }
    var _ = column.maintain();
    var _ = column.maintain();
    ColumnEntry entry = new ColumnEntry();
    for (int slot = 59; slot >= 0; slot--) {
      assertThat(column.view().find(slot, entry)).isTrue();
      assertThat(entry.mapped()).isNotNull();
      assertThat(entry.floats()[36 * 112 + 99]).isEqualTo(slot);
      assertThat(entry.floats()[36 * 112 + 100]).isZero();
    }
    assertThat(column.heapBytes()).isLessThan(2_000);
    column.close();
  }

  /** However many slots were given before: a table has four bytes for each. */
  @Test
  void aFileTellsOfNoSlotsBeforeThoseThatLiveAndBehind() throws IOException {
    ColumnSettings settings = new ColumnSettings("few", 1, 1, 1, 1 << 10);
    SlotColumn column = SlotColumn.create(settings, home("few"));
    for (int slot = 0; slot < 1_000; slot++) {
      column.append(slot, 1, new int[] {slot}, new float[] {slot});
    }
    for (int slot = 0; slot < 1_000; slot++) {
      if (slot < 400 || slot >= 410) {
        column.noteDead(slot);
      }
    }
    var _ = column.maintain();
    var _ = column.maintain();
    ColumnManifest manifest;
    try (ColumnCheckpoint taken = column.beginCheckpoint()) {
      manifest = taken.writeTo(checkpoint);
    }
    column.close();
    assertThat(manifest.runs()).hasSize(1);
    assertThat(manifest.runs().getFirst().from()).isEqualTo(400);
    assertThat(manifest.runs().getFirst().to()).isEqualTo(410);
    try (SlotColumn again =
        SlotColumn.restore(
            settings, home("few-again"), checkpoint, manifest, slot -> slot / 10 == 40)) {
      for (int slot = 0; slot < 1_000; slot++) {
        assertThat(again.find(slot, new ColumnEntry())).as("%d", slot).isEqualTo(slot / 10 == 40);
      }
    }
  }
}
