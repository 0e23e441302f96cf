package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.quantization.CodeTable;
import dev.eddy.engine.quantization.CodeWidth;
import dev.eddy.engine.quantization.QueryCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Codes of sealed segments in files: what a restart finds, and what it makes again. */
class StoredCodesTest {
  private static final SlotSearch SEARCH = SlotSearch.nearest(10, 64);

  @TempDir Path folder;

  private VectorWorld world(CodeWidth width) throws IOException {
    VectorWorld world = new VectorWorld(11, VectorWorld.sealing(Metric.EUCLID, 48, 1_000), folder);
    return world.code(new CodeSettings(width, false));
  }

  private Set<String> liveFiles() throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .filter(file -> file.toString().contains("/live-") && file.toString().endsWith(".codes"))
          .forEach(file -> names.add(String.valueOf(file.getFileName())));
    }
    return names;
  }

  private static Set<String> stored(VectorFieldManifest manifest) {
    Set<String> names = new TreeSet<>();
    for (SegmentManifest segment : manifest.segments()) {
      if (segment.kind() == SegmentManifest.Kind.SEALED) {
        names.add(Objects.requireNonNull(segment.beside(), "codes").name());
      }
    }
    return names;
  }

  /** Of the row with the number 0 for another one. */
  private static float[] estimates(VectorWorld world) {
    CodeTable table =
        Objects.requireNonNull(world.field.segments().getFirst().codeTable(), "codes");
    QueryCode query = new QueryCode();
    table.quantizer().prepare(world.vectorOf(world.vectors.lastKey()), 0, query);
    float[] out = new float[4];
    table.estimate(query, new int[] {0, 1, 2, 3}, 0, 4, out);
    return out;
  }

  @ParameterizedTest
  @EnumSource
  void aRestartUsesTheCodesOfTheCheckpoint(CodeWidth width) throws IOException {
    try (VectorWorld world = world(width)) {
      world.append(2_200).settle();
      assertThat(world.field.hasUnsavedWork(true)).isTrue();
      float[] before = estimates(world);
      VectorFieldManifest manifest = world.restart();
      assertThat(stored(manifest)).isNotEmpty();
      world.settle();
      assertThat(liveFiles()).as("none was made again").isEqualTo(stored(manifest));
      assertThat(estimates(world)).isEqualTo(before);
      assertThat(world.recall(40, SEARCH, world.live::get)).isGreaterThan(0.85);
      for (Segment segment : world.field.segments()) {
        assertThat(segment instanceof SealedSegment sealed && !sealed.isSaved()).isFalse();
      }
      assertThat(stored(world.restart())).as("stored again").isEqualTo(stored(manifest));
    }
    assertThat(liveFiles()).as("of a field that is closed").isEmpty();
  }

  @Test
  void theCodesOfACheckpointThatIsTakenBeforeTheyAreReadAreKept() throws IOException {
    try (VectorWorld world = world(CodeWidth.FOUR)) {
      world.append(2_200).settle();
      Set<String> stored = stored(world.restart());
      assertThat(stored(world.restart())).isEqualTo(stored);
      world.settle();
      assertThat(liveFiles()).isEqualTo(stored);
    }
  }

  @Test
  void otherCodesReplaceThoseOfACheckpoint() throws IOException {
    try (VectorWorld world = world(CodeWidth.FOUR)) {
      world.append(2_200).settle();
      Set<String> stored = stored(world.restart());
      world.code(new CodeSettings(CodeWidth.TWO, false)).settle();
      assertThat(liveFiles()).isNotEmpty().doesNotContainAnyElementsOf(stored);
      assertThat(world.recall(40, SEARCH, world.live::get)).isGreaterThan(0.85);
      world.restart();
      world.code(null).settle();
      assertThat(liveFiles()).isEmpty();
      for (SegmentManifest segment : world.restart().segments()) {
        assertThat(segment.kind() == SegmentManifest.Kind.SEALED && segment.beside() != null)
            .isFalse();
      }
    }
  }

  /** Any byte: codes are derived, so that damage costs their making and nothing else. */
  @Test
  void whatIsDamagedOrMissingIsMadeAgain() throws IOException {
    try (VectorWorld world = world(CodeWidth.FOUR)) {
      world.append(2_200).settle();
      float[] before = estimates(world);
      for (int round = 0; round < 12; round++) {
        Path checkpoint = Files.createDirectories(folder.resolve("damaged-" + round));
        VectorFieldManifest manifest = world.field.writeTo(checkpoint);
        Set<String> stored = stored(manifest);
        Path file = checkpoint.resolve(stored.iterator().next());
        byte[] bytes = Files.readAllBytes(file);
        Files.delete(file); // The live folder has the same file.
        if (round > 0) {
          bytes[round == 1 ? bytes.length - 9 : bytes.length * (round - 2) / 10] ^= 2;
          Files.write(file, bytes);
        }
        world.field.close();
        world.field = world.restoreFrom(checkpoint, manifest);
        world.field.code(new CodeSettings(CodeWidth.FOUR, false));
        world.settle();
        assertThat(liveFiles()).as("round %d", round).doesNotContain(stored.iterator().next());
        assertThat(liveFiles()).as("round %d", round).hasSameSizeAs(stored);
        assertThat(estimates(world)).isEqualTo(before);
      }
    }
  }
}
