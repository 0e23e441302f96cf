package dev.eddy.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.checkpoint.DiskFileStore;
import dev.eddy.engine.field.IndexFiles;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a shard that is closed and opened again in the same process. */
final class StateHomesTest {
  private static final int POINTS = 2_000;
  private static final int DIMENSION = 32;
  private static final CollectionSpec SPEC =
      CollectionSpec.of(Map.of("", VectorParams.of(DIMENSION, Distance.DOT)));

  @TempDir Path folder;

  private StoredShard shard() {
    return new StoredShard(
        folder.resolve("shard"),
        new ShardSettings(
            1_000, 1 << 20, 1_200, IndexFiles.MAPPED_BYTES_MIN, 200_000, new DiskFileStore()),
        SPEC);
  }

  private static Point point(StoredShard stored, int id) {
    return new Point(
        PointId.of(id),
        new Vectors(Map.of("", new Vector.Dense(stored.floats(DIMENSION)))),
        new Payload("{\"id\":%d}".formatted(id).getBytes(StandardCharsets.UTF_8)));
  }

  private List<String> homes() throws IOException {
    try (Stream<Path> entries = Files.list(folder.resolve("shard").resolve("live"))) {
      return entries.map(entry -> String.valueOf(entry.getFileName())).sorted().toList();
    }
  }

  /** It removes files of sealed segments when it ends, and the next shard has some of that name. */
  @Test
  void whoReadsAClosedShardTakesNothingFromTheNext() throws IOException {
    try (StoredShard stored = shard()) {
      String hash = stored.fill(POINTS, id -> point(stored, id));
      Shard former = stored.open();
      ShardLease reader = former.lease();
      former.close();
      try (Shard shard = stored.open()) {
        assertThat(reader.contentHash()).isEqualTo(hash);
        assertThat(reader.count(null)).isEqualTo(POINTS);
        reader.close();
        shard.advance(stored.end() + 1, 0);
        shard.checkpoint();
      }
      try (Shard shard = stored.open()) {
        assertThat(shard.position()).isEqualTo(stored.end() + 1);
        assertThat(shard.audit()).isEqualTo(hash);
      }
    }
  }

  @Test
  void noHomeIsGivenTwiceAndOneIsLeft() throws IOException {
    try (StoredShard stored = shard()) {
      String hash = stored.fill(POINTS, id -> point(stored, id));
      assertThat(homes()).containsExactly("state-1");
      for (int opening = 2; opening < 5; opening++) {
        try (Shard shard = stored.open()) {
          assertThat(homes()).containsExactly("state-" + opening);
          assertThat(shard.audit()).isEqualTo(hash);
        }
      }
    }
  }

  /** Files of a build that had one home, and its marks of damage. */
  @Test
  void theLiveFolderOfAFormerBuildIsCleared() throws IOException {
    try (StoredShard stored = shard()) {
      String hash = stored.fill(POINTS, id -> point(stored, id));
      Path live = folder.resolve("shard").resolve("live");
      Path vectors = Files.createDirectories(live.resolve("vectors"));
      Files.writeString(vectors.resolve("v-1.segment"), "old");
      Files.writeString(vectors.resolve("v-2.segment.corrupt"), "old");
      Path renumbered = Files.createDirectories(live.resolve("renumbered-1").resolve("vectors"));
      Files.writeString(renumbered.resolve("v-3.segment.corrupt"), "old");
      Files.writeString(Files.createDirectories(live.resolve("points")).resolve("CURRENT"), "old");
      DamageMarks marks = new DamageMarks(live, new DiskFileStore());
      marks.gather();
      assertThat(marks.suspects()).containsExactly("v-2.segment", "v-3.segment");
      try (Shard shard = stored.open()) {
        assertThat(shard.audit()).isEqualTo(hash);
        assertThat(homes()).containsExactly("state-2", "vectors");
        assertThat(vectors).isEmptyDirectory();
      }
    }
  }
}
