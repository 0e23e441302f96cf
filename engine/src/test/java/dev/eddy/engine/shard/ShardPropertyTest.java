package dev.eddy.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.update.Update;
import dev.eddy.model.update.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random updates of every kind against a plain oracle, and replay that changes nothing. */
final class ShardPropertyTest {
  private static final UUID TOPIC = new UUID(5, 5);

  /** Points get slots anew after a few updates, some at a time. */
  private static final RenumberingRule RULE = new RenumberingRule(20, 2, Integer.MAX_VALUE, 0);

  private static EngineResources resources;

  @TempDir Path folder;

  @BeforeAll
  static void open() {
    resources = new EngineResources(2, 32 << 20, 16 << 20);
  }

  @AfterAll
  static void close() {
    resources.close();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void applyEqualsTheOracle(long seed) throws IOException {
    RandomUpdates random = new RandomUpdates(new Random(seed), 60);
    Oracle oracle = new Oracle();
    List<Update> log = new ArrayList<>();
    try (Shard shard = openShard()) {
      for (int offset = 0; offset < 300; offset++) {
        log.add(offset == 0 ? random.genesis() : random.next());
        Verdict verdict = shard.apply(offset, log.get(offset));
        oracle.apply(offset, log.get(offset));
        assertThat(verdict)
            .as("seed %d, offset %d: %s", seed, offset, log.get(offset))
            .isEqualTo(oracle.verdicts.get((long) offset));
        if (offset % 3 == 0) {
          var _ = shard.maintain();
        }
        if (offset % 37 == 0) {
          shard.publish();
          shard.maintain();
          ShardChecks.sameState(shard, oracle);
          ShardChecks.sameAnswers(shard, oracle, random);
        }
      }
      ShardChecks.hasFewSlots(shard, RULE);
      ShardChecks.sameState(shard, oracle);

      for (int offset = 0; offset < log.size(); offset++) {
        shard.apply(offset, log.get(offset));
      }
      shard.publish();
      ShardChecks.sameState(shard, oracle);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {21, 22, 23, 24})
  void aCheckpointAnywhereAndReplayGiveTheSameState(long seed) throws IOException {
    Random chance = new Random(seed);
    RandomUpdates random = new RandomUpdates(chance, 60);
    Oracle oracle = new Oracle();
    List<Update> log = new ArrayList<>(List.of(random.genesis()));
    for (int round = 0; round < 5; round++) {
      try (Shard shard = openShard()) {
        assertThat(shard.position()).isLessThanOrEqualTo(log.size());
        for (int offset = (int) shard.position(); offset < log.size(); offset++) {
          shard.apply(offset, log.get(offset));
        }
        int more = chance.nextInt(120);
        for (int i = 0; i < more; i++) {
          log.add(random.next());
          shard.apply(log.size() - 1, log.getLast());
          if (chance.nextInt(40) == 0) {
            CheckpointInfo info = shard.checkpoint();
            assertThat(info.position()).isEqualTo(log.size());
          }
        }
        oracle = new Oracle();
        for (int offset = 0; offset < log.size(); offset++) {
          oracle.apply(offset, log.get(offset));
        }
        shard.publish();
        ShardChecks.sameState(shard, oracle);
        ShardChecks.sameAnswers(shard, oracle, random);
      }
    }
  }

  private Shard openShard() throws IOException {
    // A few vectors are sealed, and mapped, already; four such segments are merged.
    ShardSettings settings =
        new ShardSettings(65_536, 2_000, 10, 100, 300, ShardSettings.DEFAULT.files()).with(RULE);
    return Shard.open(RandomUpdates.SHARD, TOPIC, folder, resources, settings);
  }
}
