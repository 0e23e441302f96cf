package dev.eddy.index.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.kafka.log.LogPartition;
import dev.eddy.proto.log.LogRecordCodec;
import dev.eddy.testkit.InMemoryPointLog;
import dev.eddy.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shard without changes is looked after rarely, unless others on the node need it. */
final class IdleShardTest {
  private final ManualClock clock = new ManualClock();
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final MemoryFolds folds = new MemoryFolds();

  private void run() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  private ShardRuntime serving(InMemoryPointLog log, Path folder) throws IOException {
    LogPartition partition = log.createTopic("eddy.c.g1.log", 1).getFirst();
    var _ = log.append(partition, LogRecordCodec.encode(MemoryWorld.upsert(1))).join();
    HostSettings settings = MemoryWorld.settings(2_000);
    HostEnvironment host =
        new HostEnvironment(
            settings,
            log,
            LogRecordCodec::decode,
            folds,
            new ShardFolders(folder),
            clock::nanos,
            ShardEvents.NONE);
    ShardRuntime runtime =
        new ShardRuntime(
            MemoryWorld.shard("c"), partition, host, new ShardWorkers(settings, tasks::add));
    runtime.start();
    run();
    for (int i = 0; i < 5; i++) {
      log.deliverAll();
      clock.advance(Duration.ofSeconds(1));
      runtime.tick();
      run();
    }
    assertThat(runtime.state()).isEqualTo(ShardState.SERVING);
    return runtime;
  }

  @Test
  void aChangeOfTheNodesMemoryIsActedUponAtOnce(@TempDir Path folder) throws IOException {
    try (InMemoryPointLog log = InMemoryPointLog.manual(clock)) {
      ShardRuntime runtime = serving(log, folder);
      clock.advance(Duration.ofMinutes(3));
      runtime.tick();
      run();
      int before = folds.maintained.get();
      clock.advance(Duration.ofSeconds(30));
      runtime.tick();
      run();
      assertThat(folds.maintained).as("nothing to do").hasValue(before);

      folds.isMaintenanceDue.set(true);
      runtime.tick();
      run();
      assertThat(folds.maintained).as("memory is short").hasValue(before + 1);
      runtime.tick();
      run();
      assertThat(folds.maintained).as("once").hasValue(before + 1);
      runtime.close(ShardRuntime.Ending.KEEP);
      run();
    }
  }
}
