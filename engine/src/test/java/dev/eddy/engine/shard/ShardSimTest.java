package dev.eddy.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.engine.checkpoint.FaultyFileStore;
import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.model.update.Update;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random updates, checkpoints, failing disks, crashes and damage; after each reopening and replay
 * the shard equals the oracle. The seed is in the test's name; {@code -Deddy.sim.seeds=FROM-TO}
 * runs others.
 */
final class ShardSimTest {
  private static final UUID TOPIC = new UUID(5, 5);

  /** More than there are checkpoints that could be damaged. */
  private static final int OPENINGS_MAX = 20;

  private static EngineResources resources;

  @TempDir Path folder;

  @BeforeAll
  static void open() {
    resources = new EngineResources(1, 32 << 20, 16 << 20);
  }

  @AfterAll
  static void close() {
    resources.close();
  }

  static Stream<Long> seeds() {
    String[] range = System.getProperty("eddy.sim.seeds", "1-10").split("-", 2);
    return Stream.iterate(
        Long.parseLong(range[0]), seed -> seed <= Long.parseLong(range[1]), seed -> seed + 1);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aShardSurvivesItsDisk(long seed) throws IOException {
    Random chance = new Random(seed);
    RandomUpdates random = new RandomUpdates(chance, 40);
    Path home = folder.resolve("shard");
    FaultyFileStore disk =
        new FaultyFileStore(chance, Files.createDirectories(folder.resolve("limbo")));
    // Small runs and terms of the index on disk are mapped, too, and a few sparse vectors.
    // Points get slots anew all the time.
    ShardSettings settings =
        new ShardSettings(65_536, 2_000, 10, 100, 300, disk)
            .with(new RenumberingRule(20, 2, Integer.MAX_VALUE, 0));
    List<Update> log = new ArrayList<>(List.of(random.genesis()));
    Oracle oracle = new Oracle();
    oracle.apply(0, log.getFirst());
    long durable = 0;
    boolean isDamageKnown = false;
    for (int life = 0; life < 5; life++) {
      boolean isDamaged = life > 0 && chance.nextInt(3) == 0;
      boolean wasDamaged = isDamaged || isDamageKnown;
      isDamageKnown = false;
      if (isDamaged) {
        disk.damageOne(home.resolve("checkpoints"));
        damage(home.resolve("checkpoints"), "vectors", disk);
      }
      if (!wasDamaged && chance.nextInt(4) == 0) {
        // Of which no position is lost.
        damage(home.resolve("checkpoints"), "indexes", disk);
      }
      try (Shard shard = opened(home, settings)) {
        assertThat(shard.position())
            .as("seed %d, life %d: a durable checkpoint was lost", seed, life)
            .isGreaterThanOrEqualTo(wasDamaged ? 0 : durable);
        durable = shard.position();
        for (int offset = (int) shard.position(); offset < log.size(); offset++) {
          shard.apply(offset, log.get(offset));
        }
        shard.publish();
        ShardChecks.sameState(shard, oracle);
        ShardChecks.sameAnswers(shard, oracle, random);
        durable = Math.max(durable, live(shard, log, oracle, random, chance, disk));
      } catch (UncheckedIOException damaged) {
        // Read ahead, or needed only now; the next start sets aside what has it.
        assertThat(damaged).hasCauseInstanceOf(CorruptFileException.class);
        isDamageKnown = true;
      }
      disk.crash(home.resolve("checkpoints"));
    }
  }

  /**
   * Vectors in sealed files are read when they are needed: what is damaged shows then. Each opening
   * sets aside what the one before found.
   */
  private Shard opened(Path home, ShardSettings settings) throws IOException {
    UncheckedIOException last = null;
    for (int opening = 0; opening < OPENINGS_MAX; opening++) {
      Shard shard = Shard.open(RandomUpdates.SHARD, TOPIC, home, resources, settings);
      try {
        var _ = shard.audit();
        return shard;
      } catch (UncheckedIOException damaged) {
        assertThat(damaged).hasCauseInstanceOf(CorruptFileException.class);
        assertThatThrownBy(shard::maintain).isInstanceOf(UncheckedIOException.class);
        shard.close();
        last = damaged;
      }
    }
    throw new AssertionError("still damaged after %d openings".formatted(OPENINGS_MAX), last);
  }

  private static void damage(Path checkpoints, String part, FaultyFileStore disk)
      throws IOException {
    for (Path checkpoint : disk.list(checkpoints)) {
      disk.damageOne(checkpoint.resolve(part));
    }
  }

  /** Updates and checkpoints, some on a failing disk; the position of the last good checkpoint. */
  private static long live(
      Shard shard,
      List<Update> log,
      Oracle oracle,
      RandomUpdates random,
      Random chance,
      FaultyFileStore disk)
      throws IOException {
    long durable = 0;
    int updates = chance.nextInt(60);
    @Nullable ShardCheckpoint begun = null;
    for (int i = 0; i < updates; i++) {
      Update update = random.next();
      log.add(update);
      oracle.apply(log.size() - 1, update);
      try {
        shard.apply(log.size() - 1, update);
        if (chance.nextInt(3) == 0) {
          var _ = shard.maintain();
        }
      } catch (UncheckedIOException damaged) {
        if (begun != null) {
          begun.close();
        }
        throw damaged;
      }
      if (begun == null && chance.nextInt(8) == 0) {
        begun = shard.beginCheckpoint(chance.nextBoolean());
      }
      if (begun != null && chance.nextInt(4) == 0) {
        durable = written(begun, durable, chance, disk);
        begun = null;
      }
    }
    if (begun != null) {
      begun.close(); // The process dies between the phases.
      return durable;
    }
    if (chance.nextBoolean()) {
      disk.failAfter(chance.nextInt(60));
      try {
        durable = shard.checkpoint().position();
      } catch (CorruptFileException damaged) {
        throw new UncheckedIOException(damaged);
      } catch (IOException injected) {
        assertThat(injected).hasMessage("injected disk failure");
        shard.publish();
        ShardChecks.sameState(shard, oracle);
      }
    }
    return durable;
  }

  /** The second phase, sometimes on a disk that fails for a moment. */
  private static long written(
      ShardCheckpoint begun, long durable, Random chance, FaultyFileStore disk) throws IOException {
    boolean isFailing = chance.nextInt(4) == 0;
    disk.failAfter(isFailing ? chance.nextInt(60) : Integer.MAX_VALUE);
    try (begun) {
      return begun.write().position();
    } catch (CorruptFileException damaged) {
      throw new UncheckedIOException(damaged);
    } catch (IOException injected) {
      assertThat(injected).hasMessage("injected disk failure");
      return durable;
    } finally {
      disk.failAfter(Integer.MAX_VALUE);
    }
  }
}
