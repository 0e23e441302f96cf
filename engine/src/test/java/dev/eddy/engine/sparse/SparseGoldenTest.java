package dev.eddy.engine.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.column.ColumnManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Old bytes of the index are still read, and the same vectors still write the same bytes. The files
 * are written only by {@code EDDY_GOLDEN_WRITE=true mvn -pl engine test -Dtest=SparseGoldenTest}; a
 * changed layout gets a new version and a new folder.
 */
final class SparseGoldenTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/sparse-index-v1");

  /** A window and a bit, so that there is a dense one. */
  private static final int SLOTS = 9_000;

  @TempDir Path folder;

  private SparseSettings settings(String name) throws IOException {
    return new SparseSettings("words", made(name), Runnable::run, false, 64);
  }

  private Path made(String name) throws IOException {
    return Files.createDirectories(folder.resolve(name));
  }

  /** Frequent, rare, negative and high indices. */
  private static SparseField filled(SparseSettings settings) {
    SparseField field = SparseField.create(settings);
    for (int slot = 0; slot < SLOTS; slot++) {
      if (slot % 5 == 0) {
        field.append(slot, new SparseQuery(new int[] {7}, new float[] {1 + slot % 11}));
      } else if (slot % 501 == 1) {
        field.append(
            slot, new SparseQuery(new int[] {3, 9, -2}, new float[] {0.5f, slot - 4_000, 2f}));
      } else if (slot % 1_000 == 2) {
        field.append(slot, new SparseQuery(new int[0], new float[0]));
      }
    }
    field.noteDead(10);
    return field;
  }

  private static boolean isLive(int slot) {
    return slot != 10;
  }

  @Test
  void theIndexIsTheGoldenOne() throws IOException {
    Path checkpoint = made("checkpoint");
    SparseField.Stored stored;
    try (SparseField field = filled(settings("live"));
        SparseField.Checkpoint taken = field.beginCheckpoint()) {
      stored = taken.writeTo(checkpoint);
    }
    List<SparseManifest.Run> runs = stored.index().runs();
    assertThat(runs).hasSize(1);
    String name = runs.getFirst().name();
    Path manifest = GOLDEN.resolve("words.manifest");
    if (Boolean.parseBoolean(System.getenv("EDDY_GOLDEN_WRITE"))) {
      Files.createDirectories(GOLDEN);
      Files.write(manifest, stored.index().encode());
      Files.write(GOLDEN.resolve(name), Files.readAllBytes(checkpoint.resolve(name)));
    }
    assertThat(stored.index().encode()).isEqualTo(Files.readAllBytes(manifest));
    assertThat(checkpoint.resolve(name)).hasSameBinaryContentAs(GOLDEN.resolve(name));

    Files.delete(checkpoint.resolve(name));
    Files.copy(GOLDEN.resolve(name), checkpoint.resolve(name));
    SparseManifest golden = SparseManifest.decode(Files.readAllBytes(manifest));
    try (SparseField read = restored(checkpoint, stored.vectors(), golden)) {
      assertThat(names(folder.resolve("restored"))).contains(name);
      assertThat(names(checkpoint)).contains(name);
      assertThat(read.view().frequency(7, SparseGoldenTest::isLive)).isEqualTo(SLOTS / 5 - 1);
      assertThat(read.view().frequency(-2, slot -> true)).isEqualTo(18 - 3);
      assertThat(read.view().frequency(4, slot -> true)).isZero();
    }
  }

  private SparseField restored(Path checkpoint, ColumnManifest vectors, SparseManifest index)
      throws IOException {
    return SparseField.restore(
        settings("restored"),
        new SparseField.Stored(checkpoint, vectors, index),
        SLOTS,
        SparseGoldenTest::isLive);
  }

  private static List<String> names(Path in) throws IOException {
    try (Stream<Path> files = Files.list(in)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aCheckpointsFileIsServedAsItIsAndLinkedAgain() throws IOException {
    Path first = made("first");
    SparseField.Stored stored;
    try (SparseField field = filled(settings("live"));
        SparseField.Checkpoint taken = field.beginCheckpoint()) {
      stored = taken.writeTo(first);
    }
    String name = stored.index().runs().getFirst().name();
    Path second = made("second");
    try (SparseField field = restored(first, stored.vectors(), stored.index());
        SparseField.Checkpoint taken = field.beginCheckpoint()) {
      assertThat(field.heapBytes()).isLessThan(field.fileBytes() * 4);
      SparseField.Stored again = taken.writeTo(second);
      assertThat(again.index()).isEqualTo(stored.index());
    }
    assertThat(Files.getAttribute(second.resolve(name), "unix:ino"))
        .isEqualTo(Files.getAttribute(first.resolve(name), "unix:ino"));
  }

  @Test
  void aDamagedFileIsSetAsideAndItsListsMadeAgain() throws IOException {
    Path checkpoint = made("checkpoint");
    SparseField.Stored stored;
    try (SparseField field = filled(settings("live"));
        SparseField.Checkpoint taken = field.beginCheckpoint()) {
      stored = taken.writeTo(checkpoint);
    }
    String name = stored.index().runs().getFirst().name();
    Path file = checkpoint.resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 10]++;
    Files.delete(file);
    Files.write(file, bytes);
    try (SparseField field = restored(checkpoint, stored.vectors(), stored.index())) {
      assertThat(names(checkpoint)).contains(name + ".corrupt").doesNotContain(name);
      assertThat(field.view().frequency(7, slot -> true)).isEqualTo(SLOTS / 5 - 1);
      assertThat(field.maintain(SparseGoldenTest::isLive) || field.isBusy()).isTrue();
      field.maintain(SparseGoldenTest::isLive);
      assertThat(names(folder.resolve("restored"))).contains("words-2.postings");
    }
  }
}
