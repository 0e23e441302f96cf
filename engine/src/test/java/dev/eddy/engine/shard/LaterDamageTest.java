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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Payloads and sealed vectors of a shard in files that are checked when they are read. */
final class LaterDamageTest {
  private static final int POINTS = 3_000;
  private static final int DIMENSION = 64;
  private static final CollectionSpec SPEC =
      CollectionSpec.of(Map.of("", VectorParams.of(DIMENSION, Distance.DOT)));
  private static final ShardSettings SETTINGS =
      new ShardSettings(1_000, 1 << 20, 2_000, new DiskFileStore());

  @TempDir Path folder;

  private static Point point(StoredShard stored, int id) {
    String payload = "{\"text\":\"%x\"}".formatted(new BigInteger(4_000, stored.random()));
    return new Point(
        PointId.of(id),
        Vectors.unnamed(stored.floats(DIMENSION)),
        new Payload(payload.getBytes(StandardCharsets.UTF_8)));
  }

  /** Of both checkpoints, which share the file: nothing is left but the log. */
  @ParameterizedTest
  @ValueSource(strings = {".sst", ".segment"})
  void aFileFoundDamagedLaterCostsItsCheckpoints(String end) throws IOException {
    try (StoredShard stored = new StoredShard(folder, SETTINGS, SPEC)) {
      String hash = stored.fill(POINTS, id -> point(stored, id));
      Path largest = stored.largest(end);
      assertThat(largest.toFile().length()).isGreaterThan(4 * 65_536);
      StoredShard.damage(largest, largest.toFile().length() / 2);
      try (Shard shard = stored.open()) {
        assertThat(shard.position()).as("no contents are read").isEqualTo(stored.end());
        assertThatThrownBy(shard::audit).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(shard::maintain)
            .isInstanceOf(UncheckedIOException.class)
            .hasCauseInstanceOf(CorruptFileException.class);
      }
      stored.isMadeAgain(hash);
    }
  }
}
