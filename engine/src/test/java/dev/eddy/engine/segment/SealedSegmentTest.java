package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.engine.kernel.Metric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SealedSegmentTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Metric.class)
  void sealingChangesNoScoreAndNoAnswer(Metric metric) throws IOException {
    try (VectorWorld world = new VectorWorld(1, VectorWorld.sealing(metric, 20, 1_000), folder)) {
      world.append(1_000).awaitLinked();
      List<float[]> queries = Stream.generate(world::vector).limit(30).toList();
      List<List<Integer>> before = answers(world, queries);
      VectorFieldSnapshot heap = world.field.snapshot();
      world.settle();
      assertThat(liveFiles(world, ".segment")).hasSize(1);
      assertThat(answers(world, queries)).isEqualTo(before);
      VectorFieldSnapshot sealed = world.field.snapshot();
      int[] slots = sealed.slots();
      assertThat(slots).isEqualTo(heap.slots());
      float[] heapScores = new float[slots.length];
      float[] sealedScores = new float[slots.length];
      heap.score(queries.getFirst(), slots, slots.length, heapScores);
      sealed.score(queries.getFirst(), slots, slots.length, sealedScores);
      assertThat(sealedScores).isEqualTo(heapScores);
      heap.release();
      sealed.release();
    }
  }

  /** By a beam that holds all: a narrower one finds more in a file, whose links are filled. */
  private static List<List<Integer>> answers(VectorWorld world, List<float[]> queries) {
    return queries.stream()
        .map(query -> world.search(query, SlotSearch.nearest(10, 1_000), world.live::get))
        .toList();
  }

  private static List<Path> liveFiles(VectorWorld world, String suffix) {
    try (Stream<Path> files = Files.walk(world.folder)) {
      return files
          .filter(file -> file.toString().contains("live-") && file.toString().endsWith(suffix))
          .toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Test
  void neighboursAreMergedAndDeadRowsDropped() throws IOException {
    try (VectorWorld world =
        new VectorWorld(2, VectorWorld.sealing(Metric.EUCLID, 8, 400), folder)) {
      for (int i = 0; i < 6; i++) {
        world.append(400).settle();
      }
      for (int slot = 0; slot < 600; slot += 3) {
        world.delete(slot);
      }
      world.settle();
      int rows = world.vectors.size();
      assertThat(world.field.stats().segments()).as("4 of 6 merged").isEqualTo(3);
      assertThat(world.field.stats().rows())
          .isBetween((long) world.live.cardinality(), (long) rows);
      assertThat(world.recall(50, SlotSearch.nearest(10, 64), world.live::get)).isGreaterThan(0.95);
      for (int slot : world.vectors.keySet()) {
        if (slot < 1_500) {
          world.delete(slot);
        }
      }
      world.settle();
      assertThat(world.field.stats().deadRows()).isLessThan(rows / 3);
      assertThat(world.recall(20, SlotSearch.exact(10), world.live::get)).isEqualTo(1.0);
      world.restart();
      assertThat(world.recall(20, SlotSearch.exact(10), world.live::get)).isEqualTo(1.0);
      assertThat(world.recall(50, SlotSearch.nearest(10, 64), world.live::get)).isGreaterThan(0.95);
    }
  }

  @Test
  void anOldSnapshotKeepsItsFilesUntilItIsReleased() throws IOException {
    try (VectorWorld world = new VectorWorld(3, VectorWorld.sealing(Metric.DOT, 8, 300), folder)) {
      world.append(300).settle();
      VectorFieldSnapshot old = world.field.snapshot();
      float[] query = world.vector();
      List<Integer> before = world.search(query, SlotSearch.exact(10), SlotAcceptor.ALL);
      Path file = liveFiles(world, ".segment").getFirst();
      world.vectors.keySet().forEach(world::delete);
      world.settle();
      assertThat(world.field.stats().rows()).isZero();
      assertThat(file).exists();
      TopSlots top = new TopSlots(10);
      old.search(query, SlotSearch.exact(10), SlotAcceptor.ALL, top);
      assertThat(VectorWorld.slots(top)).isEqualTo(before);
      old.release();
      assertThat(file).doesNotExist();
      assertThatThrownBy(old::retain).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aGrowingSegmentOfMostlyDeadRowsIsCompactedWhileItGrows() throws IOException {
    try (VectorWorld world =
        new VectorWorld(4, VectorWorld.settings(Metric.EUCLID, 4, 100), folder)) {
      world.append(7_000);
      world.vectors.keySet().stream().limit(6_500).toList().forEach(world::delete);
      world.field.maintain(world.live::get);
      world.append(200);
      world.settle();
      assertThat(world.field.stats().rows()).isEqualTo(700);
      assertThat(world.field.stats().deadRows()).isZero();
      assertThat(world.recall(20, SlotSearch.exact(10), world.live::get)).isEqualTo(1.0);
      world.append(100);
      world.restart();
      world.settle();
      assertThat(world.field.stats().rows()).isEqualTo(800);
      assertThat(world.recall(20, SlotSearch.nearest(10, 64), world.live::get)).isGreaterThan(0.95);
    }
  }

  @Test
  void aCheckpointWhileSealingRestoresEverything() throws IOException {
    try (VectorWorld world =
        new VectorWorld(5, VectorWorld.sealing(Metric.COSINE, 8, 500), folder)) {
      for (int i = 0; i < 20; i++) {
        world.append(173);
        world.field.maintain(world.live::get);
        if (i % 4 == 1) {
          world.restart();
        }
      }
      assertThat(world.field.stats().rows()).isEqualTo(20 * 173);
      assertThat(world.recall(20, SlotSearch.exact(10), world.live::get)).isEqualTo(1.0);
      world.settle();
      assertThat(world.recall(50, SlotSearch.nearest(10, 64), world.live::get)).isGreaterThan(0.95);
    }
  }

  /** Rows and links are checked when they are read, the rest at once. */
  private static void readAll(VectorWorld world, Path checkpoint, VectorFieldManifest manifest)
      throws IOException {
    try (VectorField field = world.restoreFrom(checkpoint, manifest)) {
      ((SealedSegment) field.segments().getFirst()).checkAll();
    } catch (UncheckedIOException damaged) {
      throw damaged.getCause();
    }
  }

  @Test
  void aChangedByteInASealedFileIsFound() throws IOException {
    try (VectorWorld world = new VectorWorld(6, VectorWorld.sealing(Metric.DOT, 4, 200), folder)) {
      world.append(200).settle();
      Path checkpoint = Files.createDirectories(folder.resolve("checkpoint"));
      VectorFieldManifest manifest = world.field.writeTo(checkpoint);
      FilePart part = manifest.files().getFirst();
      assertThat(part.name()).endsWith(".segment");
      Path file = checkpoint.resolve(part.name());
      for (long at = 0; at < part.lengthBytes(); at += 61) {
        VectorFieldTest.flip(file, at);
        assertThatThrownBy(() -> readAll(world, checkpoint, manifest))
            .as("byte %d", at)
            .isInstanceOf(CorruptFileException.class)
            .hasMessageContaining(part.name());
        VectorFieldTest.flip(file, at);
      }
      readAll(world, checkpoint, manifest);
    }
  }

  @Test
  void rowsThatDiedBeforeARestartAreStillDropped() throws IOException {
    try (VectorWorld world = new VectorWorld(7, VectorWorld.sealing(Metric.DOT, 4, 300), folder)) {
      world.append(300).settle();
      world.vectors.keySet().stream().limit(200).toList().forEach(world::delete);
      world.restart();
      assertThat(world.field.stats().rows()).isEqualTo(300);
      world.settle();
      assertThat(world.field.stats().rows()).isEqualTo(100);
      assertThat(world.recall(20, SlotSearch.exact(10), world.live::get)).isEqualTo(1.0);
    }
  }
}
