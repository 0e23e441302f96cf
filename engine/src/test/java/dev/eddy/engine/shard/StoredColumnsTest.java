package dev.eddy.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.engine.checkpoint.DiskFileStore;
import dev.eddy.engine.field.IndexFiles;
import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.SparseVectorParams;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.shard.MemoryUse;
import dev.eddy.model.shard.MemoryUse.Component;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.Update;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sparse vectors and multivectors of a shard in sealed files: memory, restarts and damage. */
final class StoredColumnsTest {
  private static final ShardId SHARD = new ShardId(new UUID(3, 4), 1, 0);
  private static final UUID TOPIC = new UUID(5, 6);
  private static final int POINTS = 3_000;
  private static final int SEALED_BYTES = 100_000;
  private static final CollectionSpec SPEC =
      CollectionSpec.of(Map.of("rows", VectorParams.multi(16, Distance.DOT)))
          .withSparseVectors(Map.of("terms", SparseVectorParams.DEFAULT));

  @TempDir Path folder;

  private final EngineResources resources = new EngineResources(2, 32 << 20, 16 << 20);
  private final Random random = new Random(3);
  private final List<Update> log = new ArrayList<>();

  @AfterEach
  void close() {
    resources.close();
  }

  private Shard open() throws IOException {
    ShardSettings settings =
        new ShardSettings(
            1_000,
            1 << 20,
            1 << 20,
            IndexFiles.MAPPED_BYTES_MIN,
            SEALED_BYTES,
            new DiskFileStore());
    return Shard.open(SHARD, TOPIC, folder, resources, settings);
  }

  private static void settle(Shard shard) {
    while (shard.maintain() || shard.stats().isOptimizing()) {
      Thread.onSpinWait();
    }
    shard.publish();
  }

  private float[] floats(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat();
    }
    return values;
  }

  private Update upsert(int from, int to) {
    List<Point> points = new ArrayList<>();
    for (int id = from; id < to; id++) {
      int[] indices = random.ints(0, 1 << 20).distinct().limit(20).sorted().toArray();
      points.add(
          new Point(
              PointId.of(id),
              new Vectors(
                  Map.of(
                      "terms",
                      new Vector.Sparse(indices, floats(20)),
                      "rows",
                      new Vector.Multi(new float[][] {floats(16), floats(16), floats(16)}))),
              Payload.EMPTY));
    }
    return new Update.Upsert(points);
  }

  private void apply(Shard shard, Update update) {
    log.add(update);
    shard.apply(log.size() - 1, update);
  }

  private String filled() throws IOException {
    try (Shard shard = open()) {
      apply(shard, new Update.Genesis(SHARD.collectionId(), "c", 1, 0, SPEC, 1));
      for (int from = 0; from < POINTS; from += 200) {
        apply(shard, upsert(from, from + 200));
        settle(shard);
      }
      shard.checkpoint();
      apply(shard, upsert(0, 100));
      settle(shard);
      shard.checkpoint();
      return shard.audit();
    }
  }

  @Test
  void vectorsAreInFilesAndARestartMapsThem() throws IOException {
    String hash = filled();
    try (Shard shard = open()) {
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

  private List<Path> sealedFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("checkpoints"))) {
      return files
          .filter(file -> file.toString().endsWith(".column"))
          .sorted(Comparator.comparingLong(file -> -file.toFile().length()))
          .toList();
    }
  }

  /** Of both checkpoints, which share the file: nothing is left but the log. */
  @Test
  void aFileFoundDamagedLaterCostsItsCheckpoints() throws IOException {
    String hash = filled();
    Path largest = sealedFiles().getFirst();
    try (RandomAccessFile file = new RandomAccessFile(largest.toFile(), "rw")) {
      file.seek(2_000);
      int old = file.read();
      file.seek(2_000);
      file.write(old ^ 1);
    }
    try (Shard shard = open()) {
      assertThat(shard.position()).as("no contents are read").isEqualTo(log.size());
      assertThatThrownBy(shard::audit).hasRootCauseInstanceOf(CorruptFileException.class);
      assertThatThrownBy(shard::maintain)
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining(String.valueOf(largest.getFileName()));
    }
    try (Shard shard = open()) {
      assertThat(shard.position()).isZero();
      for (int offset = 0; offset < log.size(); offset++) {
        shard.apply(offset, log.get(offset));
        settle(shard);
      }
      assertThat(shard.audit()).isEqualTo(hash);
      shard.checkpoint();
    }
    try (Shard shard = open()) {
      assertThat(shard.position()).isEqualTo(log.size());
      assertThat(shard.audit()).isEqualTo(hash);
    }
  }
}
