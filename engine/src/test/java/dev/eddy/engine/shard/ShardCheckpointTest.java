package dev.eddy.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.engine.checkpoint.FileStore;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.update.Update;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints that are written while the shard goes on. */
final class ShardCheckpointTest {
  private static final UUID TOPIC = new UUID(7, 7);
  private static final long SEED = 4711;

  @TempDir Path folder;

  private EngineResources resources = new EngineResources(1, 32 << 20, 16 << 20);
  private final RandomUpdates random = new RandomUpdates(new Random(SEED), 40);
  private final List<Update> log = new ArrayList<>(List.of(random.genesis()));

  @AfterEach
  void close() {
    resources.close();
  }

  private Shard open(FileStore files) throws IOException {
    return Shard.open(
        RandomUpdates.SHARD,
        TOPIC,
        folder,
        resources,
        new ShardSettings(65_536, 400_000, 1 << 20, files));
  }

  private void apply(Shard shard, int updates) {
    for (int i = 0; i < updates; i++) {
      log.add(random.next());
    }
    replay(shard);
  }

  private void replay(Shard shard) {
    for (int offset = (int) shard.position(); offset < log.size(); offset++) {
      shard.apply(offset, log.get(offset));
    }
    shard.publish();
  }

  /** The state after the log's first updates. */
  private Oracle oracle(int updates) {
    Oracle oracle = new Oracle();
    for (int offset = 0; offset < updates; offset++) {
      oracle.apply(offset, log.get(offset));
    }
    return oracle;
  }

  @Test
  void applyingGoesOnWhileTheDiskTakesItsTime() throws Exception {
    BlockingFileStore disk = new BlockingFileStore();
    int begunAt;
    try (Shard shard = open(disk)) {
      apply(shard, 100);
      begunAt = log.size();
      ShardCheckpoint begun = shard.beginCheckpoint(false);
      disk.block();
      CompletableFuture<CheckpointInfo> written =
          CompletableFuture.supplyAsync(() -> {
            try (begun) {
              return begun.write();
            } catch (IOException e) {
              throw new IllegalStateException(e);
            }
          });
      disk.awaitReached();

      apply(shard, 100);
      boolean _ = shard.maintain();
      ShardChecks.sameState(shard, oracle(log.size()));
      assertThat(written).isNotDone();

      disk.release();
      assertThat(written.join().position()).isEqualTo(begunAt);
    }
    try (Shard shard = open(disk)) {
      assertThat(shard.position()).isEqualTo(begunAt);
      ShardChecks.sameState(shard, oracle(begunAt));
      replay(shard);
      ShardChecks.sameState(shard, oracle(log.size()));
    }
  }

  @Test
  void whatIsWrittenIsTheMomentOfTheBeginning() throws IOException {
    try (Shard shard = open(ShardSettings.DEFAULT.files())) {
      for (int round = 0; round < 5; round++) {
        apply(shard, 50);
        int begunAt = log.size();
        try (ShardCheckpoint begun = shard.beginCheckpoint(round % 2 == 0)) {
          apply(shard, 50);
          assertThat(begun.write().position()).isEqualTo(begunAt).isEqualTo(begun.position());
        }
      }
    }
    try (Shard shard = open(ShardSettings.DEFAULT.files())) {
      assertThat(shard.position()).isEqualTo(log.size() - 50);
      ShardChecks.sameState(shard, oracle(log.size() - 50));
    }
  }

  @Test
  void oneThatIsNeverWrittenLeavesTheOneBefore() throws IOException {
    int written;
    ShardCheckpoint left;
    try (Shard shard = open(ShardSettings.DEFAULT.files())) {
      apply(shard, 30);
      written = log.size();
      shard.checkpoint();
      apply(shard, 30);
      left = shard.beginCheckpoint(false);
      apply(shard, 30);
    }
    left.close();
    try (Shard shard = open(ShardSettings.DEFAULT.files())) {
      assertThat(shard.position()).isEqualTo(written);
      ShardChecks.sameState(shard, oracle(written));
    }
  }

  @Test
  void oneAtATime() throws IOException {
    try (Shard shard = open(ShardSettings.DEFAULT.files())) {
      apply(shard, 1);
      try (ShardCheckpoint begun = shard.beginCheckpoint(false)) {
        assertThat(begun.position()).isEqualTo(2);
        assertThatThrownBy(() -> shard.beginCheckpoint(false))
            .isInstanceOf(IllegalStateException.class);
      }
      assertThat(shard.checkpoint().position()).isEqualTo(2);
    }
  }

  @Test
  void aShardThatOutrunsItsCheckpointGetsTheNextOneAtOnce() throws IOException {
    resources.close();
    resources = new EngineResources(1, 4 << 20, 1 << 20);
    try (Shard shard = open(ShardSettings.DEFAULT.files())) {
      apply(shard, 10);
      try (ShardCheckpoint begun = shard.beginCheckpoint(false)) {
        outrun(shard);
        assertThatThrownBy(begun::write)
            .isInstanceOf(IOException.class)
            .hasMessageContaining("fast");
      }
      int begunAt = log.size();
      try (ShardCheckpoint begun = shard.beginCheckpoint(false)) {
        outrun(shard);
        assertThat(begun.write().position()).isEqualTo(begunAt);
      }
    }
    try (Shard shard = open(ShardSettings.DEFAULT.files())) {
      replay(shard);
      ShardChecks.sameState(shard, oracle(log.size()));
    }
  }

  /** Fills RocksDB's write buffers, so that it flushes by itself. */
  private void outrun(Shard shard) {
    Random bytes = new Random(SEED);
    for (int i = 0; i < 40; i++) {
      StringBuilder text = new StringBuilder(100_000);
      for (int j = 0; j < 100_000; j++) {
        text.append((char) ('a' + bytes.nextInt(26)));
      }
      byte[] json = ("{\"text\":\"" + text + "\"}").getBytes(StandardCharsets.UTF_8);
      log.add(
          new Update.Upsert(
              List.of(new Point(PointId.of(1_000 + i), Vectors.NONE, new Payload(json)))));
    }
    replay(shard);
  }
}
