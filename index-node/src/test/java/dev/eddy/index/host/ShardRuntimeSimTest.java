package dev.eddy.index.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.kafka.log.LogPartition;
import dev.eddy.model.point.PointId;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import dev.eddy.proto.log.LogRecordCodec;
import dev.eddy.testkit.InMemoryPointLog;
import dev.eddy.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One shard in a world where everything is stepped by a seed: appends, gaps, deliveries, turns,
 * time, failures, crashes, truncations. In the end its content equals a sequential fold of the log.
 */
final class ShardRuntimeSimTest {
  private static final int SEEDS = 50;
  private static final int STEPS = 400;

  @TempDir Path data;

  @Test
  void everyHistoryEndsInTheFoldOfItsLog() throws IOException {
    for (long seed = 1; seed <= SEEDS; seed++) {
      World world = new World(seed, data.resolve("seed-" + seed));
      try {
        world.run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(
            "seed %d failed after:%n%s".formatted(seed, String.join("\n", world.history)), e);
      }
    }
  }

  private static final class World {
    private final RandomGenerator random;
    private final ManualClock clock = new ManualClock();
    private final InMemoryPointLog log = InMemoryPointLog.manual(clock);
    private final LogPartition partition = log.createTopic("eddy.sim.g1.log", 1).getFirst();
    private final ShardId id = new ShardId(new UUID(1, 1), 1, 0);
    private final MemoryFolds folds = new MemoryFolds();
    private final TreeMap<Long, Update> oracle = new TreeMap<>();
    private final List<String> history = new ArrayList<>();
    private final ShardFolders folders;
    private Queue<Runnable> tasks = new ArrayDeque<>();
    private ShardRuntime runtime;
    private long highestPosition;

    World(long seed, Path data) throws IOException {
      this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      this.folders = new ShardFolders(data);
      append(new Update.Genesis(id.collectionId(), "sim", 1, 0, FakeClusterView.spec(1), 1));
      this.runtime = start();
    }

    void run() {
      for (int step = 0; step < STEPS; step++) {
        step(random.nextInt(100));
        positionOfOneLifeNeverDecreases();
      }
      settle();
      assertThat(runtime.state()).isEqualTo(ShardState.SERVING);
      assertThat(runtime.position()).isEqualTo(log.endOffset(partition).join());
      assertThat(runtime.stats().orElseThrow().contentHash()).isEqualTo(MemoryFolds.hashOf(oracle));
    }

    private void step(int dice) {
      if (dice < 30) {
        append(randomUpdate());
      } else if (dice < 35) {
        note("skip offsets");
        log.skipOffsets(partition, 1 + random.nextInt(3));
      } else if (dice < 55) {
        note("deliver");
        log.batchRecordsMax(1 + random.nextInt(4));
        log.deliver();
      } else if (dice < 80) {
        turn();
      } else if (dice < 90) {
        tick(Duration.ofSeconds(random.nextInt(20)));
      } else if (dice < 92) {
        note("elect leader");
        log.electLeader(partition);
      } else if (dice < 94) {
        note("next apply fails");
        folds.applyFailure.set(0L);
      } else if (dice < 95) {
        folds.isDiskFull.set(!folds.isDiskFull.get());
        note("disk is full: " + folds.isDiskFull.get());
      } else if (dice < 96) {
        note("next checkpoint fails");
        folds.checkpointFailuresLeft.set(1);
      } else if (dice < 98) {
        restart(true);
      } else if (dice < 99) {
        restart(false);
      } else {
        truncate();
      }
    }

    private void append(Update update) {
      long offset = log.append(partition, LogRecordCodec.encode(update)).join();
      oracle.put(offset, update);
      note("append " + offset);
    }

    private Update randomUpdate() {
      long first = random.nextInt(30);
      return switch (random.nextInt(4)) {
        case 0 ->
            new Update.Delete(
                new PointSelection.Ids(List.of(PointId.of(first), PointId.of(first + 1))));
        case 1 -> new Update.Noop();
        default -> MemoryWorld.upsert(first, first + random.nextInt(5));
      };
    }

    private void turn() {
      Runnable task = tasks.poll();
      if (task != null) {
        note("turn");
        task.run();
      }
    }

    private void tick(Duration passed) {
      note("tick " + passed);
      clock.advance(passed);
      runtime.tick();
    }

    /** Everything behind a point is lost, Genesis never. */
    private void truncate() {
      long end = log.endOffset(partition).join();
      long newEnd = Math.max(1, end - random.nextInt(10));
      note("truncate to " + newEnd);
      log.truncate(partition, newEnd);
      oracle.tailMap(newEnd).clear();
      highestPosition = 0;
    }

    private void restart(boolean isCrash) {
      if (isCrash) {
        note("crash");
        var _ = log.unassign(partition);
        tasks = new ArrayDeque<>();
        folds.crash();
      } else {
        note("orderly restart");
        var closed = runtime.close(ShardRuntime.Ending.KEEP);
        while (!tasks.isEmpty()) {
          turn();
        }
        assertThat(closed).isDone();
      }
      highestPosition = 0;
      runtime = start();
    }

    private ShardRuntime start() {
      HostSettings settings = MemoryWorld.settings(2_000);
      HostEnvironment host =
          new HostEnvironment(
              new HostSettings(
                  1,
                  1,
                  2_000,
                  4_000,
                  Duration.ofSeconds(30),
                  4_000,
                  settings.publishInterval(),
                  10,
                  settings.tickInterval(),
                  settings.retryDelayMin(),
                  settings.retryDelayMax(),
                  settings.closeTimeout()),
              log,
              LogRecordCodec::decode,
              folds,
              folders,
              clock::nanos,
              ShardEvents.NONE);
      Queue<Runnable> mine = tasks;
      ShardRuntime started =
          new ShardRuntime(id, partition, host, new ShardWorkers(host.settings(), mine::add));
      started.start();
      return started;
    }

    /** No more faults: deliver and work until nothing moves. */
    private void settle() {
      note("settle");
      folds.applyFailure.set(null);
      folds.checkpointFailuresLeft.set(0);
      folds.isDiskFull.set(false);
      for (int quiet = 0; quiet < 5; quiet++) {
        while (log.deliver() || !tasks.isEmpty()) {
          turn();
          quiet = 0;
        }
        tick(Duration.ofSeconds(1));
        while (!tasks.isEmpty()) {
          turn();
        }
      }
    }

    private void positionOfOneLifeNeverDecreases() {
      if (runtime.state() == ShardState.FAILED || runtime.state() == ShardState.RESTORING) {
        highestPosition = 0;
        return;
      }
      assertThat(runtime.position()).isGreaterThanOrEqualTo(highestPosition);
      highestPosition = runtime.position();
    }

    private void note(String event) {
      history.add(event);
    }
  }
}
