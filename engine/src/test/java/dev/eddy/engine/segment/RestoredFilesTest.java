package dev.eddy.engine.segment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.engine.kernel.ElementType;
import dev.eddy.engine.kernel.Metric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Heap segments after a restart. Rows are long, so that few of them fill a slab. */
final class RestoredFilesTest {
  private static final int DIMENSION = 8_192;
  private static final int FULL_SCAN_ROWS = 50;

  @TempDir Path folder;

  private VectorWorld world(long seed, ElementType type) throws IOException {
    return new VectorWorld(
        seed, VectorWorld.settings(Metric.EUCLID, DIMENSION, FULL_SCAN_ROWS).with(type), folder);
  }

  private static HeapSegment only(VectorField field) {
    return (HeapSegment) field.segments().getFirst();
  }

  private static VectorFieldManifest checkpoint(VectorField field, Path folder) throws IOException {
    Files.createDirectories(folder);
    try (VectorFieldCheckpoint all = field.beginCheckpoint(true)) {
      return all.writeTo(folder);
    }
  }

  private List<Path> liveFiles(String suffix) throws IOException {
    try (var files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().contains("live-") && file.toString().endsWith(suffix))
          .toList();
    }
  }

  @Test
  void rowsAreReadWhenTheyAreNeededAndDamageIsFoundThen() throws IOException {
    try (VectorWorld world = world(1, ElementType.FLOAT32)) {
      world.append(300).awaitLinked();
      Path checkpoint = folder.resolve("checkpoint");
      VectorFieldManifest manifest = checkpoint(world.field, checkpoint);
      String rows = manifest.segments().getFirst().parts().getFirst().name();
      VectorFieldTest.flip(
          checkpoint.resolve(rows), RowsFile.HEADER_BYTES + 40L * DIMENSION * Float.BYTES);

      VectorField field = world.restoreFrom(checkpoint, manifest);
      assertThat(only(field).heapRows().isLoaded()).isFalse();
      assertThat(field.stats().linkedRows()).isEqualTo(300);
      VectorFieldSnapshot snapshot = field.snapshot();
      TopSlots top = new TopSlots(5);
      assertThatThrownBy(
              () -> snapshot.search(world.vector(), SlotSearch.exact(5), world.live::get, top))
          .isInstanceOf(UncheckedIOException.class)
          .cause()
          .isInstanceOf(CorruptFileException.class)
          .hasMessageContaining(rows);
      snapshot.release();
      assertThat(liveFiles(".corrupt")).hasSize(1);
      assertThatThrownBy(() -> field.maintain(world.live::get))
          .isInstanceOf(UncheckedIOException.class);
      field.close();
      assertThatThrownBy(() -> world.restoreFrom(checkpoint, manifest, Set.of(rows)))
          .isInstanceOf(CorruptFileException.class)
          .hasMessageContaining(rows);
    }
  }

  @Test
  void damagedLinksAreFoundWhenTheyAreNeededAndThenMadeAgain() throws IOException {
    try (VectorWorld world = world(2, ElementType.FLOAT32)) {
      world.append(300).awaitLinked();
      Path checkpoint = folder.resolve("checkpoint");
      VectorFieldManifest manifest = checkpoint(world.field, checkpoint);
      String links = requireNonNull(manifest.segments().getFirst().beside()).name();
      VectorFieldTest.flip(checkpoint.resolve(links), 32);

      VectorField field = world.restoreFrom(checkpoint, manifest);
      assertThat(field.stats().linkedRows()).isEqualTo(300);
      VectorFieldSnapshot snapshot = field.snapshot();
      assertThatThrownBy(() ->
              snapshot.search(
                  world.vector(), SlotSearch.nearest(5, 50), world.live::get, new TopSlots(5)))
          .hasRootCauseInstanceOf(CorruptFileException.class);
      snapshot.release();
      field.close();

      world.field.close();
      world.field = world.restoreFrom(checkpoint, manifest, Set.of(links));
      world.awaitLinked();
      assertThat(world.recall(20, SlotSearch.nearest(10, 64), SlotAcceptor.ALL))
          .isGreaterThan(0.95);
    }
  }

  @Test
  void whatNobodyAsksForIsReadInTheBackground() throws IOException {
    try (VectorWorld world = world(3, ElementType.FLOAT16)) {
      world.append(400).awaitLinked();
      world.restart();
      HeapSegment segment = only(world.field);
      assertThat(segment.heapRows().isLoaded()).isFalse();
      VectorWorld.await(() -> {
        world.field.maintain(world.live::get);
        return segment.heapRows().isLoaded();
      });
      for (Path file : liveFiles(".rows")) {
        Files.delete(file);
      }
      assertThat(world.recall(10, SlotSearch.exact(10), world.live::get)).isEqualTo(1.0);
    }
  }

  /** Nothing is maintained, so that most rows are in files alone when these become one. */
  @ParameterizedTest
  @EnumSource(ElementType.class)
  void filesOfManyRestartsBecomeOneThoughTheirRowsWereNotRead(ElementType type) throws IOException {
    try (VectorWorld world = world(4, type)) {
      world.append(type == ElementType.FLOAT32 ? 150 : 500);
      for (int i = 0; i < 22; i++) {
        world.append(3);
        world.restart();
      }
      assertThat(world.recall(10, SlotSearch.exact(10), world.live::get)).isEqualTo(1.0);
    }
  }

  /** A query, and the nearest slots before the restart, by the same kernels. */
  private record Asked(float[] query, List<Integer> found) {}

  @Test
  void manyReadersAndTheWriterFindTheSameRowsWhileTheyCome() throws Exception {
    try (VectorWorld world = world(5, ElementType.FLOAT32);
        ExecutorService readers = Executors.newFixedThreadPool(4)) {
      world.append(400).awaitLinked();
      for (int round = 0; round < 5; round++) {
        List<Asked> expected = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          float[] query = world.vector();
          List<Integer> found = world.search(query, SlotSearch.exact(10), SlotAcceptor.ALL);
          assertThat(found).hasSameElementsAs(world.exact(query, 10, world.vectors::containsKey));
          expected.add(new Asked(query, found));
        }
        world.restart();
        VectorFieldSnapshot snapshot = world.field.snapshot();
        List<Future<?>> asked = new ArrayList<>();
        String what = "round " + round;
        for (Asked each : expected) {
          SlotSearch search =
              asked.size() % 2 == 0 ? SlotSearch.exact(10) : SlotSearch.nearest(10, 400);
          asked.add(
              readers.submit(() -> {
                TopSlots top = new TopSlots(10);
                assertThat(snapshot.search(each.query(), search, SlotAcceptor.ALL, top)).isTrue();
                assertThat(VectorWorld.slots(top)).as(what).isEqualTo(each.found());
              }));
        }
        world.append(20);
        world.field.maintain(world.live::get);
        for (Future<?> answer : asked) {
          var _ = answer.get();
        }
        snapshot.release();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void restartsInTheMidstOfEverythingChangeNoAnswer(ElementType type) throws IOException {
    long seed = System.nanoTime();
    try (VectorWorld world = world(seed, type)) {
      world.append(100);
      for (int step = 0; step < 30; step++) {
        switch (world.random.nextInt(5)) {
          case 0 -> world.append(1 + world.random.nextInt(60));
          case 1 -> world.delete(world.vectors.lastKey() - world.random.nextInt(50));
          case 2 -> world.field.maintain(world.live::get);
          default -> world.restart();
        }
        assertThat(world.recall(2, SlotSearch.exact(10), world.live::get))
            .as("seed %d, step %d", seed, step)
            .isEqualTo(1.0);
      }
      world.settle();
      assertThat(world.recall(20, SlotSearch.nearest(10, 100), world.live::get))
          .as("seed %d", seed)
          .isGreaterThan(0.95);
    }
  }
}
