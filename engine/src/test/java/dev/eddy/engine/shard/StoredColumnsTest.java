package dev.eddy.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.engine.checkpoint.DiskFileStore;
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
import dev.eddy.model.shard.MemoryUse;
import dev.eddy.model.shard.MemoryUse.Component;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sparse vectors and multivectors of a shard in sealed files: memory, restarts and damage. */
final class StoredColumnsTest {
  private static final int POINTS = 3_000;
  private static final int SEALED_BYTES = 100_000;
  private static final int WIDE = 64;
  private static final int FEW = 1_000;
  private static final CollectionSpec SPEC =
      CollectionSpec.of(Map.of("rows", VectorParams.multi(16, Distance.DOT)))
          .withSparseVectors(Map.of("terms", SparseVectorParams.DEFAULT));
  private static final ShardSettings SETTINGS =
      new ShardSettings(
          1_000, 1 << 20, 1 << 20, IndexFiles.MAPPED_BYTES_MIN, SEALED_BYTES, new DiskFileStore());

  @TempDir Path folder;

  private StoredShard stored;

  @BeforeEach
  void begin() {
    stored = new StoredShard(folder, SETTINGS, SPEC);
  }

  @AfterEach
  void close() {
    stored.close();
  }

  private Point point(int id) {
    int[] indices = stored.random().ints(0, 1 << 20).distinct().limit(20).sorted().toArray();
    Vector terms = new Vector.Sparse(indices, stored.floats(20));
    float[][] rows = {stored.floats(16), stored.floats(16), stored.floats(16)};
    return new Point(
        PointId.of(id),
        new Vectors(Map.of("terms", terms, "rows", new Vector.Multi(rows))),
        Payload.EMPTY);
  }

  @Test
  void vectorsAreInFilesAndARestartMapsThem() throws IOException {
    String hash = stored.fill(POINTS, this::point);
    try (Shard shard = stored.open()) {
      MemoryUse memory = shard.stats().memory();
      for (Component component : new Component[] {Component.SPARSE, Component.MULTI}) {
        long data = component == Component.SPARSE ? 20 * 8 * POINTS : 3 * 16 * 4 * POINTS;
        assertThat(memory.of(component).files()).as("files of " + component).isGreaterThan(data);
        assertThat(memory.of(component).memory())
            .as("memory of " + component)
            .isLessThan(4 * SEALED_BYTES);
      }
      assertThat(shard.stats().storage().vectors())
          .as("bytes of vectors")
          .isEqualTo((20 * 8 + 3 * 16 * 4) * POINTS);
      assertThat(shard.audit()).isEqualTo(hash);
    }
  }

  /** In files, after a restart, and where bytes are counted. */
  @ParameterizedTest
  @CsvSource({
    "float32, DOT, 4",
    "float16, DOT, 2",
    "float16, COSINE, 2",
    "uint8, EUCLID, 1",
    "uint8, COSINE, 1"
  })
  void rowsTakeTheBytesOfTheirDatatype(String datatype, Distance distance, int bytes)
      throws IOException {
    CollectionSpec spec = wide(datatype, distance);
    try (StoredShard wide = new StoredShard(folder.resolve("wide"), SETTINGS, spec)) {
      String hash = wide.fill(POINTS, id -> wide(wide, id));
      try (Shard shard = wide.open()) {
        long data = 2L * WIDE * bytes * POINTS;
        assertThat(shard.stats().storage().vectors()).isEqualTo(data);
        MemoryUse memory = shard.stats().memory();
        assertThat(memory.of(Component.MULTI).files()).isBetween(data, data + data / 4);
        assertThat(memory.of(Component.MULTI).memory()).isLessThan(4 * SEALED_BYTES);
        assertThat(shard.audit()).isEqualTo(hash);
      }
    }
  }

  private static CollectionSpec wide(String datatype, Distance distance) {
    VectorParams params =
        new VectorParams(
            WIDE, distance, null, null, null, datatype, MultiVectorComparator.MAX_SIM, null);
    return CollectionSpec.of(Map.of("rows", params));
  }

  /** Whole numbers of unit length are floats. */
  @ParameterizedTest
  @CsvSource({"float32, DOT, 4", "float16, COSINE, 2", "uint8, DOT, 1", "uint8, COSINE, 4"})
  void soDoRowsOfTheirGraph(String datatype, Distance distance, int bytes) throws IOException {
    CollectionSpec spec = ShardChecks.graphsFrom(1, wide(datatype, distance));
    try (StoredShard wide = new StoredShard(folder.resolve("graph"), SETTINGS, spec)) {
      String hash = wide.fill(FEW, id -> wide(wide, id));
      try (Shard shard = wide.open()) {
        long data = 2L * WIDE * bytes * FEW;
        assertThat(shard.stats().memory().of(Component.VECTORS).memory())
            .isBetween(data, data + data / 4);
        assertThat(shard.audit()).isEqualTo(hash);
      }
    }
  }

  private static Point wide(StoredShard of, int id) {
    float[][] rows = {of.floats(WIDE), of.floats(WIDE)};
    for (float[] row : rows) {
      for (int i = 0; i < WIDE; i++) {
        row[i] *= 255;
      }
    }
    return new Point(
        PointId.of(id), new Vectors(Map.of("rows", new Vector.Multi(rows))), Payload.EMPTY);
  }

  /** Of both checkpoints, which share the file: nothing is left but the log. */
  @Test
  void aFileFoundDamagedLaterCostsItsCheckpoints() throws IOException {
    String hash = stored.fill(POINTS, this::point);
    assertThat(stored.damageLargest(".column")).hasSize(1);
    try (Shard shard = stored.open()) {
      assertThat(shard.position()).as("no contents are read").isEqualTo(stored.end());
      assertThatThrownBy(shard::audit).hasRootCauseInstanceOf(CorruptFileException.class);
      assertThatThrownBy(shard::maintain)
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining(".column");
    }
    stored.isMadeAgain(hash);
  }
}
