package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.kernel.ElementType;
import dev.eddy.engine.kernel.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Old bytes are still read, and the same field still writes the same bytes. The files are written
 * only by {@code EDDY_GOLDEN_WRITE=true mvn -pl engine test -Dtest=VectorFieldGoldenTest}; a
 * changed layout gets a new version and a new folder.
 */
final class VectorFieldGoldenTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/vector-field-v5");

  /** The same with sealed rows laid out by groups. */
  private static final Path LAID_OUT =
      Path.of("src/test/resources/golden/vector-field-v5-laid-out");

  /** The same of halves, and of whole numbers of a byte. */
  private static final Path FLOAT16 = Path.of("src/test/resources/golden/vector-field-v5-float16");

  private static final Path UINT8 = Path.of("src/test/resources/golden/vector-field-v5-uint8");

  private static final int SEALED_ROWS = 40;
  private static final int ROWS = 70;

  @TempDir Path folder;

  private static VectorFieldSettings settings() {
    return new VectorFieldSettings(
        "gold", 5, Metric.EUCLID, new GraphParams(3, 16), 100, SEALED_ROWS, 10, 1);
  }

  /** Small whole numbers, so that every machine computes the same similarities. */
  private static float[] vector(int slot) {
    float[] vector = new float[5];
    for (int i = 0; i < 5; i++) {
      vector[i] = (slot * (7 + 4 * i) + i * i) % 23;
    }
    return vector;
  }

  private VectorFieldManifest write(Path checkpoint, RowLayout layout, ElementType type)
      throws IOException {
    Path live = Files.createDirectories(folder.resolve("live"));
    AtomicLong skippedNanos = new AtomicLong();
    try (BuildPool pool = new BuildPool(1, () -> System.nanoTime() + skippedNanos.get())) {
      VectorField field =
          VectorField.create(settings().with(type), new SegmentResources(pool, live));
      field.layOut(layout);
      for (int i = 0; i < ROWS; i++) {
        if (i == SEALED_ROWS - 1) {
          fillPlaces(field, skippedNanos);
        }
        if (i == SEALED_ROWS) {
          VectorWorld.await(() -> {
            field.maintain(slot -> true);
            return field.isSettled() && field.stats().fileBytes() > 0;
          });
        }
        field.append(3 * i + 1, vector(3 * i + 1));
      }
      fillPlaces(field, skippedNanos);
      try (VectorFieldCheckpoint taken = field.beginCheckpoint(true)) {
        return taken.writeTo(checkpoint);
      } finally {
        field.close();
      }
    }
  }

  private static void fillPlaces(VectorField field, AtomicLong skippedNanos) {
    VectorWorld.await(() -> field.stats().unlinkedRows() == 0);
    field.maintain(slot -> true);
    skippedNanos.addAndGet(Duration.ofSeconds(6).toNanos());
    field.maintain(slot -> true);
    VectorWorld.await(() -> !field.isFilling());
  }

  @Test
  void theSameFieldWritesTheSameBytes() throws IOException {
    writesTheSameBytes(RowLayout.BY_SLOT, ElementType.FLOAT32, GOLDEN);
  }

  @Test
  void theSameGroupsAreLaidOutInTheSameBytes() throws IOException {
    writesTheSameBytes(new TestLayout(7, slot -> slot % 4 - 1), ElementType.FLOAT32, LAID_OUT);
  }

  @Test
  void theSameNarrowRowsAreWrittenInTheSameBytes() throws IOException {
    writesTheSameBytes(RowLayout.BY_SLOT, ElementType.FLOAT16, FLOAT16);
    folder = Files.createDirectories(folder.resolve("other"));
    writesTheSameBytes(RowLayout.BY_SLOT, ElementType.UINT8, UINT8);
  }

  private void writesTheSameBytes(RowLayout layout, ElementType type, Path golden)
      throws IOException {
    Path checkpoint = Files.createDirectories(folder.resolve("checkpoint"));
    VectorFieldManifest manifest = write(checkpoint, layout, type);
    if (Boolean.parseBoolean(System.getenv("EDDY_GOLDEN_WRITE"))) {
      Files.createDirectories(golden);
      for (FilePart part : manifest.files()) {
        Files.write(
            golden.resolve(part.name()), Files.readAllBytes(checkpoint.resolve(part.name())));
      }
      Files.write(golden.resolve("manifest"), manifest.encode());
    }
    assertThat(manifest.files()).hasSize(3);
    for (FilePart part : manifest.files()) {
      assertThat(checkpoint.resolve(part.name()))
          .hasSameBinaryContentAs(golden.resolve(part.name()));
    }
    assertThat(manifest.encode()).isEqualTo(Files.readAllBytes(golden.resolve("manifest")));
  }

  /** Those of floats also where rows are kept in less from now on. */
  @ParameterizedTest
  @CsvSource({
    "vector-field-v1,FLOAT32",
    "vector-field-v2,FLOAT32",
    "vector-field-v3,FLOAT32",
    "vector-field-v3,FLOAT16",
    "vector-field-v3,UINT8",
    "vector-field-v3-laid-out,FLOAT32",
    "vector-field-v4,FLOAT32",
    "vector-field-v4,UINT8",
    "vector-field-v4-laid-out,FLOAT32",
    "vector-field-v4-float16,FLOAT16",
    "vector-field-v4-uint8,UINT8",
    "vector-field-v5,FLOAT32",
    "vector-field-v5,UINT8",
    "vector-field-v5-laid-out,FLOAT32",
    "vector-field-v5-float16,FLOAT16",
    "vector-field-v5-uint8,UINT8"
  })
  void oldBytesAreStillRead(String name, ElementType type) throws IOException {
    Path golden = GOLDEN.resolveSibling(name);
    VectorFieldManifest manifest =
        VectorFieldManifest.decode(Files.readAllBytes(golden.resolve("manifest")));
    Path checkpoint = Files.createDirectories(folder.resolve("copy"));
    for (FilePart part : manifest.files()) {
      Files.copy(golden.resolve(part.name()), checkpoint.resolve(part.name()));
    }
    Path live = Files.createDirectories(folder.resolve("live"));
    try (BuildPool pool = new BuildPool(1)) {
      VectorField field =
          VectorField.restore(
              settings().with(type), new SegmentResources(pool, live), checkpoint, manifest);
      assertThat(field.stats().linkedRows()).isEqualTo(ROWS);
      VectorFieldSnapshot snapshot = field.snapshot();
      float[] copy = new float[5];
      for (int i = 0; i < ROWS; i++) {
        int slot = 3 * i + 1;
        assertThat(snapshot.copyVector(slot, copy)).isTrue();
        assertThat(copy).isEqualTo(vector(slot));
        TopSlots top = new TopSlots(1);
        snapshot.search(copy, SlotSearch.nearest(1, 40), s -> s == slot, top);
        assertThat(VectorWorld.slots(top)).containsExactly(slot);
      }
      snapshot.release();
      field.close();
    }
  }
}
