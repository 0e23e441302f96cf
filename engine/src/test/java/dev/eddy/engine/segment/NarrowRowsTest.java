package dev.eddy.engine.segment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.kernel.ElementType;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.segment.SegmentManifest.Kind;
import dev.eddy.model.shard.MemoryUse;
import dev.eddy.model.shard.MemoryUse.Component;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rows of two bytes or one a number beside the same rows of floats: they take a half or a quarter,
 * in memory and in files, and answers are the same, bit for bit.
 */
final class NarrowRowsTest {
  private static final int DIMENSION = 40;
  private static final int STRIDE = 48;
  private static final int SEAL_ROWS = 500;
  private static final int ROWS = 1_700;

  @TempDir Path folder;

  static Stream<Arguments> forms() {
    return Arrays.stream(Metric.values())
        .flatMap(metric ->
            Stream.of(ElementType.FLOAT16, ElementType.UINT8)
                .filter(type -> type != ElementType.UINT8 || metric != Metric.COSINE)
                .map(type -> Arguments.of(metric, type)));
  }

  private VectorWorld world(Metric metric, ElementType type, String name) throws IOException {
    return new VectorWorld(
        4,
        VectorWorld.sealing(metric, DIMENSION, SEAL_ROWS).with(type),
        Files.createDirectories(folder.resolve(name)));
  }

  private record Hit(int slot, float similarity) {}

  private static List<Hit> exact(VectorWorld world, float[] query) {
    TopSlots top = new TopSlots(50);
    VectorFieldSnapshot snapshot = world.field.snapshot();
    assertThat(snapshot.search(query, SlotSearch.exact(50), world.live::get, top)).isTrue();
    snapshot.release();
    top.sort();
    List<Hit> hits = new ArrayList<>();
    for (int i = 0; i < top.size(); i++) {
      hits.add(new Hit(top.slot(i), top.score(i)));
    }
    return hits;
  }

  private static void isSame(VectorWorld narrow, VectorWorld floats, String when) {
    Random random = new Random(9);
    for (int i = 0; i < 5; i++) {
      float[] query = narrow.vector(random);
      assertThat(exact(narrow, query)).as("%s, query %d", when, i).isEqualTo(exact(floats, query));
    }
    // By a beam that holds all: products of whole numbers, none below 0, are won by the longest
    // vectors, which is hard for graphs.
    assertThat(narrow.recall(25, SlotSearch.nearest(10, ROWS), narrow.live::get))
        .as("recall %s", when)
        .isGreaterThan(0.9);
    float[] copy = new float[DIMENSION];
    VectorFieldSnapshot snapshot = narrow.field.snapshot();
    narrow.live.stream()
        .forEach(slot -> {
          assertThat(snapshot.copyVector(slot, copy)).isTrue();
          assertThat(copy).as("slot %d %s", slot, when).isEqualTo(narrow.vectorOf(slot));
        });
    snapshot.release();
  }

  @ParameterizedTest
  @MethodSource("forms")
  void answersAreThoseOfFloats(Metric metric, ElementType type) throws IOException {
    try (VectorWorld narrow = world(metric, type, "narrow");
        VectorWorld floats = world(metric, ElementType.FLOAT32, "floats")) {
      // At rest: until then linking may leave rows out of reach, more or fewer with each run.
      narrow.append(SEAL_ROWS - 100).rest();
      narrow.vectors.forEach(floats::append);
      isSame(narrow, floats, "while they grow");
      narrow.append(ROWS - narrow.vectors.size());
      narrow.vectors.tailMap(floats.vectors.lastKey(), false).forEach(floats::append);
      narrow.settle();
      floats.settle();
      isSame(narrow, floats, "sealed");
      narrow.restart();
      floats.restart();
      isSame(narrow, floats, "after a restart");
      for (int slot : List.copyOf(narrow.vectors.keySet())) {
        if (slot % 2 == 0) {
          narrow.delete(slot);
          floats.delete(slot);
        }
      }
      narrow.settle();
      floats.settle();
      isSame(narrow, floats, "built anew");
    }
  }

  private static MemoryUse.Bytes vectors(VectorWorld world) {
    return requireNonNull(world.field.stats().memory().components().get(Component.VECTORS));
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "UINT8"})
  void theyTakeWhatTheirTypeTakes(ElementType type) throws IOException {
    Path checkpoint = Files.createDirectories(folder.resolve("checkpoint"));
    try (VectorWorld world = world(Metric.EUCLID, type, "narrow")) {
      world.append(SEAL_ROWS).settle().append(16);
      assertThat(world.field.stats().dataBytes())
          .isEqualTo((SEAL_ROWS + 16L) * DIMENSION * type.bytes());
      VectorFieldManifest manifest = world.field.writeTo(checkpoint);
      for (SegmentManifest segment : manifest.segments()) {
        FilePart part = segment.parts().getFirst();
        if (segment.kind() == Kind.HEAP) {
          assertThat(part.lengthBytes())
              .isEqualTo(
                  RowsFile.HEADER_BYTES
                      + part.rows() * ((long) DIMENSION * type.bytes() + Integer.BYTES)
                      + Integer.BYTES
                      + RowsIndex.GROUP_BYTES
                      + RowsIndex.TRAILER_BYTES);
        } else {
          // Beside the rows: header, slots, 16 links a row and a few upper ones, checksums, footer.
          assertThat(part.lengthBytes() - (long) part.rows() * STRIDE * type.bytes())
              .isLessThan(part.rows() * 80L);
        }
      }
    }
  }

  /** A checkpoint of a build that kept floats; what is built anew from it takes less. */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "UINT8"})
  void filesOfFloatsBecomeNarrowWhenTheyAreBuiltAnew(ElementType type) throws IOException {
    try (VectorWorld world = world(Metric.DOT, type, "narrow")) {
      VectorFieldSettings narrow = world.settings;
      world.field.close();
      world.settings = narrow.with(ElementType.FLOAT32);
      world.field = world.restoreFrom(folder, new VectorFieldManifest(1, List.of()));
      world.settings = narrow;
      world.append(SEAL_ROWS).settle().append(100);
      world.restart();
      try (VectorWorld floats = world(Metric.DOT, ElementType.FLOAT32, "floats")) {
        world.vectors.forEach(floats::append);
        isSame(world, floats, "from files of floats");
        long before = vectors(world).files();
        for (int slot = world.vectors.firstKey(); slot < SEAL_ROWS; slot += 2) {
          world.delete(slot);
          floats.delete(slot);
        }
        world.settle();
        isSame(world, floats, "built anew");
        assertThat(vectors(world).files()).isLessThan(before / 2);
      }
    }
  }
}
