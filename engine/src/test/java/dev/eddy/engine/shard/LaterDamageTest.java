package dev.eddy.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.engine.checkpoint.DiskFileStore;
import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.Update;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Payloads and sealed vectors of a shard in files that are checked when they are read. */
final class LaterDamageTest {
  private static final ShardId SHARD = new ShardId(new UUID(3, 4), 1, 0);
  private static final UUID TOPIC = new UUID(5, 6);
  private static final int POINTS = 3_000;
  private static final int DIMENSION = 64;
  private static final CollectionSpec SPEC =
      CollectionSpec.of(Map.of("", VectorParams.of(DIMENSION, Distance.DOT)));

  @TempDir Path folder;

  private final EngineResources resources = new EngineResources(2, 32 << 20, 16 << 20);
  private final Random random = new Random(3);
  private final List<Update> log = new ArrayList<>();

  @AfterEach
  void close() {
    resources.close();
  }

  private Shard open() throws IOException {
    ShardSettings settings = new ShardSettings(1_000, 1 << 20, 2_000, new DiskFileStore());
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
      String payload = "{\"text\":\"%x\"}".formatted(new BigInteger(4_000, random));
      points.add(
          new Point(
              PointId.of(id),
              Vectors.unnamed(floats(DIMENSION)),
              new Payload(payload.getBytes(StandardCharsets.UTF_8))));
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

  private Path largest(String end) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("checkpoints"))) {
      return files
          .filter(file -> file.toString().endsWith(end))
          .max(Comparator.comparingLong(file -> file.toFile().length()))
          .orElseThrow();
    }
  }

  /** Of both checkpoints, which share the file: nothing is left but the log. */
  @ParameterizedTest
  @ValueSource(strings = {".sst", ".segment"})
  void aFileFoundDamagedLaterCostsItsCheckpoints(String end) throws IOException {
    String hash = filled();
    Path largest = largest(end);
    assertThat(largest.toFile().length()).isGreaterThan(4 * 65_536);
    try (RandomAccessFile file = new RandomAccessFile(largest.toFile(), "rw")) {
      long at = file.length() / 2;
      file.seek(at);
      int old = file.read();
      file.seek(at);
      file.write(old ^ 1);
    }
    try (Shard shard = open()) {
      assertThat(shard.position()).as("no contents are read").isEqualTo(log.size());
      assertThatThrownBy(shard::audit).isInstanceOf(RuntimeException.class);
      assertThatThrownBy(shard::maintain)
          .isInstanceOf(UncheckedIOException.class)
          .hasCauseInstanceOf(CorruptFileException.class);
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
