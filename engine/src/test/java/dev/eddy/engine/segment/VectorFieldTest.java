package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.engine.graph.WalkLimits;
import dev.eddy.engine.kernel.Metric;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class VectorFieldTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Metric.class)
  void aGraphFindsWhatAnExactScanFinds(Metric metric) throws IOException {
    try (VectorWorld world = new VectorWorld(1, VectorWorld.settings(metric, 24, 100), folder)) {
      world.append(4_000).awaitLinked();
      assertThat(world.field.stats().linkedRows()).isEqualTo(4_000);
      assertThat(world.recall(100, SlotSearch.nearest(10, 64), world.live::get))
          .isGreaterThan(0.95);
      assertThat(world.recall(20, SlotSearch.exact(10), world.live::get)).isEqualTo(1.0);
    }
  }

  @Test
  void aRowIsFoundAsSoonAsItIsAppendedWhetherLinkedOrNot() throws IOException {
    try (VectorWorld world =
        new VectorWorld(2, VectorWorld.settings(Metric.EUCLID, 8, 50), folder)) {
      for (int i = 0; i < 2_000; i++) {
        world.append(1);
        int slot = world.vectors.lastKey();
        assertThat(world.search(world.vectorOf(slot), SlotSearch.nearest(1, 32), s -> s == slot))
            .containsExactly(slot);
      }
    }
  }

  @Test
  void deletedRowsAreSteppingStonesAndNeverHits() throws IOException {
    try (VectorWorld world =
        new VectorWorld(3, VectorWorld.settings(Metric.COSINE, 16, 100), folder)) {
      world.append(3_000).awaitLinked();
      for (int slot = 0; slot < world.vectors.lastKey(); slot++) {
        if (world.random.nextInt(10) < 7) {
          world.delete(slot);
        }
      }
      assertThat(world.field.stats().deadRows()).isEqualTo(3_000 - world.live.cardinality());
      assertThat(world.search(world.vector(), SlotSearch.nearest(50, 50), world.live::get))
          .hasSize(50)
          .allMatch(world.live::get);
      assertThat(world.recall(50, SlotSearch.nearest(10, 64), world.live::get)).isGreaterThan(0.95);
    }
  }

  @Test
  void aSnapshotDoesNotSeeLaterRows() throws IOException {
    try (VectorWorld world = new VectorWorld(4, VectorWorld.settings(Metric.DOT, 8, 100), folder)) {
      world.append(500);
      VectorFieldSnapshot before = world.field.snapshot();
      int lastBefore = world.vectors.lastKey();
      world.append(2_000).awaitLinked();
      for (int i = 0; i < 50; i++) {
        TopSlots top = new TopSlots(20);
        before.search(world.vector(), SlotSearch.nearest(20, 100), SlotAcceptor.ALL, top);
        assertThat(VectorWorld.slots(top)).hasSize(20).allMatch(slot -> slot <= lastBefore);
      }
      assertThat(before.rows()).isEqualTo(500);
      before.release();
    }
  }

  @Test
  void scoresAndCopiesBySlot() throws IOException {
    try (VectorWorld world =
        new VectorWorld(5, VectorWorld.settings(Metric.EUCLID, 10, 100), folder)) {
      world.append(700);
      VectorFieldSnapshot snapshot = world.field.snapshot();
      float[] query = world.vector();
      int[] slots = new int[world.vectors.lastKey() + 3];
      for (int i = 0; i < slots.length; i++) {
        slots[i] = i;
      }
      float[] scores = new float[slots.length];
      var _ = snapshot.score(query, slots, slots.length, scores);
      float[] copy = new float[10];
      for (int slot : slots) {
        float[] vector = world.vectors.get(slot);
        assertThat(snapshot.contains(slot)).isEqualTo(vector != null);
        assertThat(snapshot.copyVector(slot, copy)).isEqualTo(vector != null);
        if (vector == null) {
          assertThat(scores[slot]).isNaN();
        } else {
          assertThat(copy).isEqualTo(vector);
          assertThat((double) scores[slot])
              .isCloseTo(
                  world.similarity(query, vector), org.assertj.core.data.Offset.offset(1e-3));
          assertThat(snapshot.score(query, slot)).isEqualTo(scores[slot]);
        }
      }
      snapshot.release();
    }
  }

  @Test
  void aRestoredFieldGivesTheSameAnswersAndGoesOn() throws IOException {
    try (VectorWorld world =
        new VectorWorld(6, VectorWorld.settings(Metric.COSINE, 12, 100), folder)) {
      world.append(3_000).awaitLinked();
      List<float[]> queries = java.util.stream.Stream.generate(world::vector).limit(50).toList();
      List<List<Integer>> before =
          queries.stream()
              .map(q -> world.search(q, SlotSearch.nearest(10, 50), SlotAcceptor.ALL))
              .toList();
      VectorFieldManifest manifest = world.restart();
      assertThat(world.field.stats().linkedRows())
          .as("links are restored, not built again")
          .isEqualTo(3_000);
      assertThat(manifest.files()).hasSize(2);
      assertThat(
              queries.stream()
                  .map(q -> world.search(q, SlotSearch.nearest(10, 50), SlotAcceptor.ALL))
                  .toList())
          .isEqualTo(before);
      for (int i = 0; i < 12; i++) {
        world.append(100);
        world.restart();
      }
      world.awaitLinked();
      assertThat(world.field.stats().rows()).isEqualTo(4_200);
      assertThat(world.recall(50, SlotSearch.nearest(10, 64), SlotAcceptor.ALL))
          .isGreaterThan(0.95);
    }
  }

  @Test
  void aChangedByteInAnyFileOfRowsIsFoundAtRestore() throws IOException {
    try (VectorWorld world = new VectorWorld(7, VectorWorld.settings(Metric.DOT, 4, 50), folder)) {
      world.append(300).awaitLinked();
      Path checkpoint = Files.createDirectories(folder.resolve("checkpoint"));
      VectorFieldManifest manifest = world.field.writeTo(checkpoint);
      for (FilePart part : manifest.segments().getFirst().parts()) {
        Path file = checkpoint.resolve(part.name());
        for (long at = 0; at < part.lengthBytes(); at += 97) {
          flip(file, at);
          assertThatThrownBy(() -> world.restoreFrom(checkpoint, manifest))
              .as("%s byte %d", part.name(), at)
              .isInstanceOf(CorruptFileException.class)
              .hasMessageContaining(part.name());
          flip(file, at);
        }
      }
      world.restoreFrom(checkpoint, manifest).close();
      Path file = checkpoint.resolve(manifest.files().getFirst().name());
      Files.delete(file);
      assertThatThrownBy(() -> world.restoreFrom(checkpoint, manifest))
          .isInstanceOf(CorruptFileException.class)
          .hasMessageContaining("no file");
    }
  }

  /** Links are derived: damage costs their making, and no other answer than before. */
  @Test
  void damagedOrMissingLinksAreMadeAgain() throws IOException {
    try (VectorWorld world = new VectorWorld(9, VectorWorld.settings(Metric.DOT, 4, 50), folder)) {
      world.append(300).awaitLinked();
      Path checkpoint = Files.createDirectories(folder.resolve("checkpoint"));
      VectorFieldManifest manifest;
      try (VectorFieldCheckpoint all = world.field.beginCheckpoint(true)) {
        manifest = all.writeTo(checkpoint);
      }
      FilePart links = Objects.requireNonNull(manifest.segments().getFirst().beside());
      Path file = checkpoint.resolve(links.name());
      for (long at = 0; at < links.lengthBytes(); at += 397) {
        flip(file, at);
        linksAreMadeAgain(world, checkpoint, manifest);
        flip(file, at);
      }
      Files.delete(file);
      linksAreMadeAgain(world, checkpoint, manifest);
    }
  }

  private void linksAreMadeAgain(VectorWorld world, Path checkpoint, VectorFieldManifest manifest)
      throws IOException {
    world.field.close();
    world.field = world.restoreFrom(checkpoint, manifest);
    world.awaitLinked();
    assertThat(world.field.stats().linkedRows()).isEqualTo(300);
    assertThat(world.field.hasUnsavedWork(true)).isTrue();
    assertThat(world.recall(20, SlotSearch.nearest(10, 64), SlotAcceptor.ALL)).isGreaterThan(0.95);
  }

  static void flip(Path file, long at) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, at);
      one.put(0, (byte) (one.get(0) ^ 0x10)).flip();
      channel.write(one, at);
    }
  }

  @Test
  void anOlderCheckpointStaysReadableWhileRowsAreAppended() throws IOException {
    try (VectorWorld world = new VectorWorld(8, VectorWorld.settings(Metric.DOT, 4, 50), folder)) {
      world.append(300);
      Path first = Files.createDirectories(folder.resolve("first"));
      VectorFieldManifest firstManifest = world.field.writeTo(first);
      world.append(300);
      Path second = Files.createDirectories(folder.resolve("second"));
      VectorFieldManifest secondManifest = world.field.writeTo(second);
      VectorField older = world.restoreFrom(first, firstManifest);
      assertThat(older.stats().rows()).isEqualTo(300);
      older.append(9_999, new float[4]);
      Path third = Files.createDirectories(folder.resolve("third"));
      older.writeTo(third);
      older.close();
      VectorField newer = world.restoreFrom(second, secondManifest);
      assertThat(newer.stats().rows()).isEqualTo(600);
      newer.close();
    }
  }

  @Test
  void aGraphSearchOverItsBudgetSaysSo() throws IOException {
    try (VectorWorld world = new VectorWorld(9, VectorWorld.settings(Metric.DOT, 8, 50), folder)) {
      world.append(2_000).awaitLinked();
      VectorFieldSnapshot snapshot = world.field.snapshot();
      TopSlots top = new TopSlots(10);
      assertThat(
              snapshot.search(
                  world.vector(),
                  new SlotSearch(
                      10, 64, new SlotSearch.Way.Walk(new WalkLimits(Integer.MAX_VALUE, 100, 0))),
                  slot -> slot % 500 == 0,
                  top))
          .isFalse();
      snapshot.release();
    }
  }

  @Test
  void badInputChangesNothing() throws IOException {
    try (VectorWorld world = new VectorWorld(10, VectorWorld.settings(Metric.DOT, 8, 50), folder)) {
      world.append(10);
      assertThatThrownBy(() -> world.field.append(3, new float[8]))
          .hasMessageContaining("slots must ascend");
      assertThatThrownBy(() -> world.field.append(300, new float[7]))
          .hasMessageContaining("8 dimensions, got 7");
      assertThat(world.field.stats().rows()).isEqualTo(10);
      VectorFieldSnapshot snapshot = world.field.snapshot();
      assertThatThrownBy(() ->
              snapshot.search(new float[9], SlotSearch.exact(1), SlotAcceptor.ALL, new TopSlots(1)))
          .hasMessageContaining("8 dimensions, got 9");
      snapshot.release();
    }
  }

  @Test
  void aFilterThatFewRowsPassGivesThemAll() throws IOException {
    try (VectorWorld world =
        new VectorWorld(12, VectorWorld.settings(Metric.MANHATTAN, 8, 50), folder)) {
      world.append(3_000).awaitLinked();
      for (int modulus : new int[] {300, 900, 2_999}) {
        SlotAcceptor accept = slot -> slot % modulus == 7;
        float[] query = world.vector();
        assertThat(world.search(query, SlotSearch.nearest(20, 20), accept))
            .isEqualTo(world.exact(query, 20, accept));
      }
    }
  }

  @Test
  void aSealThatTheDiskRefusesIsTriedAgainWhileSearchesGoOn() throws IOException {
    try (VectorWorld world =
        new VectorWorld(11, VectorWorld.sealing(Metric.EUCLID, 8, 300), folder)) {
      Path live = folder.resolve("live-0");
      Path away = folder.resolve("away");
      Files.move(live, away); // No file can be made there.
      world.append(400);
      VectorWorld.await(() -> {
        world.field.maintain(world.live::get);
        return world.field.problem().isPresent();
      });
      world.append(100);
      assertThat(world.field.isBusy()).isTrue();
      assertThat(world.recall(20, SlotSearch.exact(10), world.live::get)).isEqualTo(1.0);
      assertThat(world.field.stats().fileBytes()).isZero();

      Files.move(away, live);
      VectorWorld.await(() -> {
        world.field.maintain(world.live::get);
        return !world.field.isBusy();
      });
      world.settle();
      assertThat(world.field.problem()).isEmpty();
      assertThat(world.field.stats().fileBytes()).isPositive();
      assertThat(world.recall(20, SlotSearch.exact(10), world.live::get)).isEqualTo(1.0);
    }
  }

  @Test
  void rowsThatWaitForAGraphAreLeftOutOnlyWhereThatIsAskedFor() throws IOException {
    try (VectorWorld world =
        new VectorWorld(12, VectorWorld.settings(Metric.EUCLID, 8, 50), folder)) {
      world.append(2_000).awaitLinked();
      int lastLinked = world.vectors.lastKey();
      try (HeldPool held = new HeldPool(world.pool)) {
        held.awaitHeld(); // Nothing is linked from here on.
        world.append(100);
        int newest = world.vectors.lastKey();
        float[] query = world.vectorOf(newest);
        SlotSearch indexed =
            new SlotSearch(100, 200, new SlotSearch.Way.Walk(WalkLimits.NONE), true);

        assertThat(world.search(query, indexed, world.live::get))
            .hasSize(100)
            .allMatch(slot -> slot <= lastLinked);
        assertThat(world.search(query, SlotSearch.nearest(1, 64), world.live::get))
            .containsExactly(newest);
      }
    }
  }

  @Test
  void segmentsTooSmallForAGraphAreAlwaysSearched() throws IOException {
    try (VectorWorld world =
        new VectorWorld(13, VectorWorld.settings(Metric.EUCLID, 8, 1_000), folder)) {
      world.append(300);
      SlotSearch indexed = new SlotSearch(1, 64, new SlotSearch.Way.Walk(WalkLimits.NONE), true);
      int newest = world.vectors.lastKey();
      assertThat(world.search(world.vectorOf(newest), indexed, world.live::get))
          .containsExactly(newest);
    }
  }
}
