package dev.eddy.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.engine.checkpoint.FaultyFileStore;
import dev.eddy.engine.field.IndexFiles;
import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.MultiVectorComparator;
import dev.eddy.model.collection.SparseVectorParams;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Payloads and vectors of a shard in files that are checked when they are read. */
final class LaterDamageTest {
  private static final int POINTS = 2_000;
  private static final int DIMENSION = 64;
  private static final int TERMS = 20;
  private static final int OPENINGS_MAX = 200;
  private static final CollectionSpec SPEC =
      CollectionSpec.of(Map.of("", VectorParams.of(DIMENSION, Distance.DOT)))
          .withSparseVectors(Map.of("terms", SparseVectorParams.DEFAULT));

  @TempDir Path folder;

  private FaultyFileStore disk;
  private ShardSettings settings;

  @BeforeEach
  void makeDisk() throws IOException {
    disk = new FaultyFileStore(new Random(5), Files.createDirectories(folder.resolve("limbo")));
    settings = new ShardSettings(1_000, 1 << 20, 1_200, IndexFiles.MAPPED_BYTES_MIN, 200_000, disk);
  }

  private StoredShard shard() {
    return new StoredShard(folder.resolve("shard"), settings, SPEC);
  }

  private Path live() {
    return folder.resolve("shard").resolve("live");
  }

  private void mark(String name) throws IOException {
    Path marks = Files.createDirectories(live().resolve(Checkpointer.VECTORS));
    Files.createFile(marks.resolve(name + ".corrupt"));
  }

  private static Point point(StoredShard stored, int id) {
    String payload = "{\"text\":\"%x\"}".formatted(new BigInteger(4_000, stored.random()));
    int[] terms = stored.random().ints(0, 1 << 20).distinct().limit(TERMS).sorted().toArray();
    return new Point(
        PointId.of(id),
        new Vectors(
            Map.of(
                "",
                new Vector.Dense(stored.floats(DIMENSION)),
                "terms",
                new Vector.Sparse(terms, stored.floats(TERMS)))),
        new Payload(payload.getBytes(StandardCharsets.UTF_8)));
  }

  /** Opens it, which does not find the damage, and lets a reader find it. */
  private static void findsDamage(StoredShard stored) throws IOException {
    try (Shard shard = stored.open()) {
      assertThat(shard.position()).as("no contents are read").isEqualTo(stored.end());
      assertThatThrownBy(shard::audit).isInstanceOf(RuntimeException.class);
      assertThat(shard.isMaintenanceDue()).isTrue();
      assertThatThrownBy(shard::maintain)
          .isInstanceOf(UncheckedIOException.class)
          .hasCauseInstanceOf(CorruptFileException.class);
    }
  }

  private List<String> marks() throws IOException {
    try (Stream<Path> files = Files.walk(live())) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(".corrupt"))
          .distinct()
          .toList();
    }
  }

  /** Of both checkpoints, which share the file: nothing is left but the log. */
  @ParameterizedTest
  @ValueSource(strings = {".sst", ".segment", ".column"})
  void aFileFoundDamagedLaterCostsItsCheckpoints(String end) throws IOException {
    try (StoredShard stored = shard()) {
      String hash = stored.fill(POINTS, id -> point(stored, id));
      assertThat(stored.damageLargest(end)).isNotEmpty();
      findsDamage(stored);
      assertThat(marks()).hasSize(1);
      stored.isMadeAgain(hash);
      assertThat(marks()).isEmpty();
    }
  }

  /** Rows are long, so that those of a segment that grows fill some slabs. */
  @Test
  void rowsOfAGrowingSegmentFoundDamagedLaterCostTheirCheckpoints() throws IOException {
    int dimension = 8_192;
    CollectionSpec spec = CollectionSpec.of(Map.of("", VectorParams.of(dimension, Distance.DOT)));
    try (StoredShard stored = new StoredShard(folder.resolve("shard"), settings, spec)) {
      String hash =
          stored.fill(
              100,
              id ->
                  new Point(
                      PointId.of(id),
                      new Vectors(Map.of("", new Vector.Dense(stored.floats(dimension)))),
                      Payload.EMPTY));
      assertThat(stored.damageLargest(".rows")).isNotEmpty();
      findsDamage(stored);
      assertThat(marks()).hasSize(1);
      stored.isMadeAgain(hash);
      assertThat(marks()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {".sst", ".segment", ".column"})
  void whatIsSuspectStaysSoWhileOpeningsFail(String end) throws IOException {
    try (StoredShard stored = shard()) {
      String hash = stored.fill(POINTS, id -> point(stored, id));
      assertThat(stored.damageLargest(end)).isNotEmpty();
      findsDamage(stored);
      int failures = 0;
      for (boolean isOpen = false; !isOpen; ) {
        disk.failAfter(failures);
        try (Shard shard = stored.open()) {
          assertThat(shard.position()).as("after %d failures", failures).isZero();
          isOpen = true;
        } catch (IOException refused) {
          assertThat(refused).hasMessageContaining("injected disk failure");
          assertThat(marks()).as("after %d failures", failures).hasSize(1);
          assertThat(++failures).isLessThan(OPENINGS_MAX);
        }
      }
      assertThat(failures).isPositive();
      disk.failAfter(Integer.MAX_VALUE);
      stored.isMadeAgain(hash);
      assertThat(marks()).isEmpty();
    }
  }

  /** It was sound when the shard was opened, which does not open the store. */
  @Test
  void aStoreThatDoesNotOpenLaterCostsItsCheckpoint() throws IOException {
    try (StoredShard stored = shard()) {
      String hash = stored.fill(POINTS, id -> point(stored, id));
      try (Shard shard = stored.open()) {
        assertThat(shard.position()).isEqualTo(stored.end());
        assertThat(shard.summary().points()).isEqualTo(POINTS);
        assertThat(shard.stats().contentHash()).isEqualTo(hash);
        var _ = shard.maintain();
        Path manifest =
            stored.all("").stream()
                .filter(file -> String.valueOf(file.getFileName()).startsWith("MANIFEST-"))
                .max(Comparator.naturalOrder())
                .orElseThrow();
        Files.write(manifest, new byte[10]);
        assertThatThrownBy(shard::audit).isInstanceOf(IllegalStateException.class);
        assertThat(shard.isMaintenanceDue()).isTrue();
        assertThatThrownBy(shard::maintain)
            .isInstanceOf(UncheckedIOException.class)
            .hasCauseInstanceOf(CorruptFileException.class);
      }
      assertThat(marks()).hasSize(1);
      try (Shard shard = stored.open()) {
        assertThat(shard.position()).as("the checkpoint before").isEqualTo(stored.end() - 1);
        assertThat(shard.audit()).isEqualTo(shard.stats().contentHash());
      }
      assertThat(marks()).isEmpty();
    }
  }

  /** What is in no checkpoint's file any more, or was read in full and is sound, is forgotten. */
  @Test
  void soundFilesAreSuspectedOnce() throws IOException {
    try (StoredShard stored = shard()) {
      String hash = stored.fill(POINTS, id -> point(stored, id));
      mark(String.valueOf(stored.largest(".segment").getFirst().getFileName()));
      mark("gone-99.column");
      try (Shard shard = stored.open()) {
        assertThat(marks()).isEmpty();
        assertThat(shard.position()).isEqualTo(stored.end());
        assertThat(shard.audit()).isEqualTo(hash);
        assertThat(shard.isMaintenanceDue()).isFalse();
      }
    }
  }

  /** A graph of rows can be made again: its file costs no checkpoint, and is trusted by none. */
  @Test
  void filesOfWhatIsMadeAgainCostNoCheckpoint() throws IOException {
    CollectionSpec spec =
        ShardChecks.graphsFrom(
            10,
            CollectionSpec.of(
                Map.of(
                    "",
                    new VectorParams(
                        DIMENSION,
                        Distance.DOT,
                        null,
                        null,
                        null,
                        null,
                        MultiVectorComparator.MAX_SIM,
                        null))));
    try (StoredShard stored = new StoredShard(folder.resolve("shard"), settings, spec)) {
      String hash = stored.fill(POINTS / 2, id -> rows(stored, id));
      Set<String> damaged = stored.damageLargest(".segment");
      for (String name : damaged) {
        mark(name);
      }
      try (Shard shard = stored.open()) {
        assertThat(shard.position()).isEqualTo(stored.end());
        assertThat(marks()).as("checkpoints have it still").hasSameSizeAs(damaged);
        StoredShard.settle(shard);
        assertThat(shard.audit()).isEqualTo(hash);
        shard.checkpoint();
        shard.checkpoint();
      }
      try (Shard shard = stored.open()) {
        assertThat(shard.position()).isEqualTo(stored.end());
        assertThat(marks()).isEmpty();
      }
    }
  }

  private static Point rows(StoredShard stored, int id) {
    float[][] rows = {stored.floats(DIMENSION), stored.floats(DIMENSION)};
    return new Point(
        PointId.of(id), new Vectors(Map.of("", new Vector.Multi(rows))), Payload.EMPTY);
  }

  /** The index over what is in the column is made again, for which all of it is read. */
  @Test
  void damageThatOpeningComesToCostsACheckpoint() throws IOException {
    try (StoredShard stored = shard()) {
      String hash = stored.fill(POINTS, id -> point(stored, id));
      assertThat(stored.damageLargest(".column")).isNotEmpty();
      for (Path file : stored.all(".postings")) {
        Files.delete(file);
      }
      stored.isMadeAgain(hash);
    }
  }
}
