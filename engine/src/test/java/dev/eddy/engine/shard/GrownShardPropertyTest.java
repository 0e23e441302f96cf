package dev.eddy.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.checkpoint.DiskFileStore;
import dev.eddy.engine.segment.ByteBudget;
import dev.eddy.engine.segment.FusedPolicy;
import dev.eddy.engine.segment.MemoryBudget;
import dev.eddy.engine.shard.ShardChecks.Recall;
import dev.eddy.model.shard.VectorForms;
import dev.eddy.model.update.Update;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random schemas with points enough for graphs, codes, and segments that are sealed and merged,
 * through updates, live changes of the schema and restarts; and another replica, begun from a copy
 * of the first one's folder, which keeps the same in other pieces. {@code -Deddy.sim.seeds=FROM-TO}
 * runs other seeds.
 */
final class GrownShardPropertyTest {
  private static final UUID TOPIC = new UUID(5, 5);
  private static final int IDS = 3_000;
  private static final int BATCH = 100;
  private static final int FUSED_ROWS_MIN = 256;
  private static final RenumberingRule RULE =
      new RenumberingRule(500, 2, Integer.MAX_VALUE, 1_000_000);
  private static final ByteBudget BUDGET = new ByteBudget(64 << 20);
  private static EngineResources resources;
  private static EngineResources others;

  /** Of all seeds, at their ends. */
  private static VectorForms forms = VectorForms.NONE;

  @TempDir Path folder;
  private final List<Update> log = new ArrayList<>();
  private final Oracle oracle = new Oracle();

  @BeforeAll
  static void open() {
    FusedPolicy early = new FusedPolicy(FUSED_ROWS_MIN, BUDGET);
    resources = new EngineResources(2, 32 << 20, 16 << 20, early, MemoryBudget.unlimited());
    others = new EngineResources(1, 32 << 20, 16 << 20);
  }

  @AfterAll
  static void close() {
    resources.close();
    others.close();
    assertThat(BUDGET.takenBytes()).as("bytes of closed shards").isZero();
    assertThat(forms.whole()).as("compared whole").isPositive();
    assertThat(forms.coded()).as("compared by codes").isPositive();
    assertThat(forms.fused()).as("with codes in the graph").isPositive();
  }

  static LongStream seeds() {
    String[] range = System.getProperty("eddy.sim.seeds", "2-3").split("-", 2);
    return LongStream.rangeClosed(Long.parseLong(range[0]), Long.parseLong(range[1]));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aShardAndItsReplicaEqualTheOracle(long seed) throws IOException {
    Random chance = new Random(seed);
    RandomUpdates random =
        new RandomUpdates(new Random(~seed), new RandomSchema(chance, 4, 8, 24, 32, 40), IDS);
    ShardSettings settings =
        new ShardSettings(
                65_536, 40_000, 150 + chance.nextInt(600), 100, 20_000, new DiskFileStore())
            .with(RULE);
    Path home = folder.resolve("shard");
    Path copy = folder.resolve("copy");
    Recall recall = new Recall();
    int batches = 0;
    for (int life = 0; life < 2; life++) {
      try (Shard shard = Shard.open(RandomUpdates.SHARD, TOPIC, home, resources, settings)) {
        replay(shard);
        if (life == 0) {
          apply(shard, random.genesis());
        }
        for (int i = life == 0 ? 27 : 6; i > 0; i--) {
          apply(shard, random.grow(BATCH * batches++, BATCH));
          var _ = shard.maintain();
        }
        live(shard, random, chance, life == 1 ? copy : null);
        shard.publish();
        check(shard, random, new Recall(), seed, life);
        settle(shard);
        ShardChecks.hasFewSlots(shard, RULE);
        check(shard, random, recall, seed, life);
        forms = forms.plus(shard.stats().forms());
        if (chance.nextInt(3) > 0) {
          shard.checkpoint();
        }
      }
    }
    isReplica(copy, random, seed);
    recall.isHigh("seed %d".formatted(seed));
  }

  private void apply(Shard shard, Update update) {
    log.add(update);
    oracle.apply(log.size() - 1, update);
    assertThat(shard.apply(log.size() - 1, update))
        .as("%s at %d", update, log.size() - 1)
        .isEqualTo(oracle.verdicts.get(log.size() - 1L));
  }

  private void replay(Shard shard) {
    for (int offset = (int) shard.position(); offset < log.size(); offset++) {
      shard.apply(offset, log.get(offset));
    }
    shard.publish();
  }

  /** Updates of every kind, and a checkpoint in their midst. */
  private void live(Shard shard, RandomUpdates random, Random chance, @Nullable Path copy)
      throws IOException {
    int begin = chance.nextInt(40);
    for (int i = 0; i < 60; i++) {
      if (i == begin) {
        try (ShardCheckpoint begun = shard.beginCheckpoint(chance.nextBoolean())) {
          apply(shard, random.next());
          var _ = shard.maintain();
          begun.write();
        }
      }
      apply(shard, i % 20 == 0 ? random.schema().change() : random.next());
      if (chance.nextBoolean()) {
        var _ = shard.maintain();
      }
      if (copy != null && i == begin + 10) {
        copy(folder.resolve("shard"), copy);
      }
    }
  }

  private static void settle(Shard shard) {
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (shard.maintain() || shard.stats().isOptimizing()) {
      assertThat(System.nanoTime()).as("deadline, " + shard.problem()).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
    shard.publish();
  }

  private void check(Shard shard, RandomUpdates random, Recall recall, long seed, int life) {
    try {
      ShardChecks.sameState(shard, oracle);
      for (int i = 0; i < 2; i++) {
        ShardChecks.sameAnswers(shard, oracle, random, recall);
      }
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed %d, life %d".formatted(seed, life), e);
    }
  }

  /** What is going on in the folder goes on meanwhile, as when a process is killed. */
  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(path).toString()));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            try {
              Files.copy(file, to.resolve(from.relativize(file).toString()));
            } catch (NoSuchFileException gone) {
              return FileVisitResult.CONTINUE;
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Without codes in graphs, with larger segments, and nothing of sparse vectors in files. */
  private void isReplica(Path copy, RandomUpdates random, long seed) throws IOException {
    ShardSettings settings = new ShardSettings(65_536, 1 << 20, 1 << 20, new DiskFileStore());
    try (Shard shard = Shard.open(RandomUpdates.SHARD, TOPIC, copy, others, settings)) {
      assertThat(shard.position()).as("seed %d: of the copied checkpoint", seed).isPositive();
      replay(shard);
      check(shard, random, new Recall(), seed, -1);
      settle(shard);
      Recall recall = new Recall();
      check(shard, random, recall, seed, -1);
      recall.isHigh("seed %d, replica".formatted(seed));
    }
  }
}
