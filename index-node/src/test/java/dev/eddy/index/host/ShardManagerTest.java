package dev.eddy.index.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.kafka.log.LogPartition;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.NodeReport.ShardReport;
import dev.eddy.model.shard.ShardException;
import dev.eddy.model.shard.ShardException.Reason;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.BrokenChain;
import dev.eddy.model.update.Update;
import dev.eddy.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShardManagerTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Executor VIRTUAL = task -> Thread.ofVirtual().start(task);
  private static final ShardId A = MemoryWorld.shard("a");

  @TempDir Path data;
  private MemoryWorld world;

  @BeforeEach
  void newWorld() {
    world = new MemoryWorld(data);
  }

  @AfterEach
  void everythingIsGivenBack() {
    world.close();
    assertThat(world.folds.leasesOut).hasValue(0);
    assertThat(world.folds.openFolders).isEmpty();
  }

  @Test
  void aPlacedShardReplaysItsLogAndServes() {
    LogPartition log = world.newLog("a");
    long last = world.upsert(log, 1, 2);
    world.place("a", log);
    world.start();

    ShardRuntime shard = world.awaitState(A, ShardState.SERVING);

    assertThat(shard.position()).isEqualTo(last + 1);
    try (ReadLease lease = shard.lease()) {
      assertThat(lease.count(null)).isEqualTo(2);
    }
    ShardReport report = world.manager().reports().getFirst();
    assertThat(report.position()).isEqualTo(last + 1);
    assertThat(report.lagRecords()).isZero();
    assertThat(report.staleMs()).isZero();
    assertThat(report.state()).isEqualTo("SERVING");
  }

  @Test
  void whatTheMetadataDoesNotPlaceHereIsNotHostedAtOnce() {
    world.start();
    assertThatThrownBy(() -> world.manager().require(A, LONG))
        .isInstanceOf(ShardException.class)
        .extracting(e -> ((ShardException) e).reason())
        .isEqualTo(Reason.NOT_HOSTED);
  }

  @Test
  void waitersOfADroppedShardFailAtOnceAndItsFolderGoes() throws Exception {
    LogPartition log = world.newLog("a");
    Generation generation = world.place("a", log);
    world.start();
    ShardRuntime shard = world.awaitState(A, ShardState.SERVING);
    CompletableFuture<Long> waiter =
        CompletableFuture.supplyAsync(() -> shard.awaitPosition(1_000, LONG), VIRTUAL);

    world.view.drop(generation);

    assertThatThrownBy(waiter::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(ShardException.class)
        .hasMessageContaining("not hosted");
    Await.until("folder is gone", () -> foldersUnder("shards").isEmpty());
    Await.until("what it held is thrown away", () -> foldersUnder("trash").isEmpty());
    assertThatThrownBy(() -> world.manager().require(A, LONG)).hasMessageContaining("not hosted");
  }

  @Test
  void aLeaseKeepsADroppedShardsStateOpen() {
    LogPartition log = world.newLog("a");
    world.upsert(log, 1);
    Generation generation = world.place("a", log);
    world.start();
    ReadLease lease = world.awaitState(A, ShardState.SERVING).lease();

    world.view.drop(generation);
    Await.until("not hosted", () -> world.manager().hosted().isEmpty());

    assertThat(lease.count(null)).isEqualTo(1);
    assertThat(world.folds.openFolders).hasSize(1);
    lease.close();
    Await.until("state is closed", world.folds.openFolders::isEmpty);
  }

  @Test
  void anOrderlyRestartGoesOnFromTheLastCheckpoint() {
    LogPartition log = world.newLog("a");
    world.upsert(log, 1, 2);
    world.place("a", log);
    world.start();
    ShardRuntime before = world.awaitState(A, ShardState.SERVING);
    String hash = before.stats().orElseThrow().contentHash();
    // Were the log read from its start again, this would tell: nothing below is there any more.
    world.log.deleteBefore(log, before.position());

    world.restart();

    ShardRuntime after = world.awaitState(A, ShardState.SERVING);
    assertThat(after.stats().orElseThrow().contentHash()).isEqualTo(hash);
  }

  @Test
  void anUnknownRecordHaltsItsShardAndNoOther() {
    LogPartition log = world.newLog("a");
    LogPartition other = world.newLog("b");
    world.place("a", log);
    world.place("b", other);
    world.start();
    world.awaitState(A, ShardState.SERVING);

    world.log.append(log, new byte[] {(byte) 0xff, 1, 2}).join();
    world.upsert(log, 1);

    ShardRuntime failed = world.awaitState(A, ShardState.FAILED);
    assertThat(failed.failureReason())
        .hasValueSatisfying(why -> assertThat(why).contains("unknown"));
    assertThat(failed.report().problem()).contains("unknown");
    assertThatThrownBy(failed::lease).hasMessageContaining("unknown");
    long last = world.upsert(other, 1);
    ShardRuntime healthy = world.awaitState(MemoryWorld.shard("b"), ShardState.SERVING);
    assertThat(healthy.awaitPosition(last + 1, LONG)).isEqualTo(last + 1);
    assertThat(failed.state()).isEqualTo(ShardState.FAILED);
  }

  @Test
  void aFailedApplyIsTriedAgainFromTheCheckpoint() {
    LogPartition log = world.newLog("a");
    world.place("a", log);
    List<Boolean> failures = new ArrayList<>();
    world
        .with(
            new ShardEvents() {
              @Override
              public synchronized void failed(ShardId shard, boolean halted) {
                failures.add(halted);
              }
            })
        .start();
    world.awaitState(A, ShardState.SERVING);
    world.folds.applyFailure.set(2L);

    world.upsert(log, 1);
    world.upsert(log, 2);
    long last = world.upsert(log, 3);

    Await.until(
        "served again",
        () -> {
          ShardReport report = world.manager().reports().getFirst();
          return report.state().equals("SERVING") && report.position() == last + 1;
        });
    assertThat(world.manager().reports().getFirst().points()).isEqualTo(3);
    assertThat(failures).containsExactly(false);
  }

  @Test
  void aFullMailboxHoldsTheLogBackAndLosesNothing() {
    LogPartition log = world.newLog("a");
    world.place("a", log);
    long mailboxBytes = 4_096;
    world.with(MemoryWorld.settings(mailboxBytes)).start();
    world.log.batchRecordsMax(1);
    ShardRuntime shard = world.awaitState(A, ShardState.SERVING);
    CountDownLatch barrier = new CountDownLatch(1);
    world.folds.applyBarrier.set(barrier);

    long last = 0;
    for (int i = 0; i < 500; i++) {
      last = world.upsert(log, i);
    }
    long end = last + 1;
    Await.until("the shard has what fits", () -> shard.logEnd() == end);
    assertThat(shard.mailboxBytes()).isLessThanOrEqualTo(mailboxBytes);
    assertThat(shard.position()).isLessThan(end);

    barrier.countDown();
    assertThat(shard.awaitPosition(end, LONG)).isEqualTo(end);
    assertThat(shard.stats().orElseThrow().points()).isEqualTo(500);
  }

  @Test
  void aTruncatedLogIsFollowedFromItsStartAndTheOldStateKept() throws IOException {
    LogPartition log = world.newLog("a");
    world.upsert(log, 1);
    world.upsert(log, 2);
    world.place("a", log);
    world.start();
    world.awaitState(A, ShardState.SERVING);
    world.restart();
    world.awaitState(A, ShardState.SERVING);

    world.log.truncate(log, 2);
    long seventh = world.upsert(log, 7);
    long last = world.upsert(log, 8);

    Await.until(
        "rebuilt",
        () -> {
          ShardReport report = world.manager().reports().getFirst();
          return report.state().equals("SERVING") && report.position() == last + 1;
        });
    assertThat(world.manager().reports().getFirst().contentHash())
        .isEqualTo(
            MemoryFolds.hashOf(
                Map.of(
                    1L,
                    MemoryWorld.upsert(1),
                    seventh,
                    MemoryWorld.upsert(7),
                    last,
                    MemoryWorld.upsert(8))));
    assertThat(foldersUnder("set-aside")).hasSize(1);
  }

  @Test
  void aLogWithoutItsStartCannotBuildAShardAndSaysSo() {
    LogPartition log = world.newLog("a");
    world.upsert(log, 1);
    world.upsert(log, 2);
    world.log.deleteBefore(log, 2);
    world.place("a", log);
    world.start();

    ShardRuntime shard = world.awaitState(A, ShardState.FAILED);

    assertThat(shard.failureReason())
        .hasValueSatisfying(why -> assertThat(why).contains("start is gone"));
  }

  @Test
  void aFolderOfAnotherLogIsRefused() {
    LogPartition log = world.newLog("a");
    world.place("a", log);
    world.start();
    world.awaitState(A, ShardState.SERVING);
    LogPartition recreated = world.newLog("a2");
    world.view.place("a", MemoryWorld.collectionId("a"), List.of(recreated), MemoryWorld.NODE);

    world.restart();

    ShardRuntime shard = world.awaitState(A, ShardState.FAILED);
    assertThat(shard.failureReason())
        .hasValueSatisfying(why -> assertThat(why).contains(log.topicId().toString()));
  }

  @Test
  void brokenChainsAreToldAtOnceAndReported() {
    ConcurrentLinkedQueue<BrokenChain> told = new ConcurrentLinkedQueue<>();
    LogPartition log = world.newLog("a");
    world.place("a", log);
    world
        .with(
            new ShardEvents() {
              @Override
              public void chainsBroken(ShardId shard, List<BrokenChain> chains) {
                told.addAll(chains);
              }
            })
        .start();
    ShardRuntime shard = world.awaitState(A, ShardState.SERVING);
    BrokenChain chain = new BrokenChain(new UUID(1, 2), 3, 10, 7);
    world.folds.brokenNext.set(List.of(chain));

    long last = world.append(log, new Update.Noop());

    shard.awaitPosition(last + 1, LONG);
    assertThat(told).containsExactly(chain);
    assertThat(shard.report().brokenChains()).containsExactly(chain);
  }

  @Test
  void aFailedCheckpointKeepsTheShardServingAndIsTriedAgain() {
    LogPartition log = world.newLog("a");
    world.place("a", log);
    world.folds.checkpointFailuresLeft.set(3);
    CountDownLatch written = new CountDownLatch(1);
    AtomicInteger failed = new AtomicInteger();
    world
        .with(checkpointAtEveryChange())
        .with(
            new ShardEvents() {
              @Override
              public void checkpointed(ShardId shard, long nanos) {
                written.countDown();
              }

              @Override
              public void checkpointFailed(ShardId shard) {
                failed.incrementAndGet();
              }
            })
        .start();

    Await.until("written in the end", () -> written.getCount() == 0);
    assertThat(failed).hasValue(3);
    ShardRuntime shard = world.awaitState(A, ShardState.SERVING);
    long last = world.upsert(log, 1);
    assertThat(shard.awaitPosition(last + 1, LONG)).isEqualTo(last + 1);
    Await.until("no problem is left", () -> shard.problem().isEmpty());
  }

  @Test
  void applyingGoesOnWhileACheckpointIsWritten() throws Exception {
    LogPartition log = world.newLog("a");
    world.place("a", log);
    CountDownLatch barrier = new CountDownLatch(1);
    world.folds.checkpointBarrier.set(barrier);
    world.with(checkpointAtEveryChange()).start();
    world.folds.checkpointsReached.await();

    ShardRuntime shard = world.awaitState(A, ShardState.SERVING);
    long last = 0;
    for (int i = 0; i < 50; i++) {
      last = world.upsert(log, i);
    }
    assertThat(shard.awaitPosition(last + 1, LONG)).isEqualTo(last + 1);
    shard.requireServing();

    world.folds.checkpointBarrier.set(null);
    barrier.countDown();
    world.restart();
    assertThat(world.awaitState(A, ShardState.SERVING).position()).isEqualTo(last + 1);
  }

  @Test
  void aFullDiskHoldsApplyingBackAndSearchesGoOn() {
    LogPartition log = world.newLog("a");
    long first = world.upsert(log, 1);
    world.place("a", log);
    world.start();
    ShardRuntime shard = world.awaitState(A, ShardState.SERVING);
    assertThat(shard.awaitPosition(first + 1, LONG)).isEqualTo(first + 1);
    world.folds.isDiskFull.set(true);

    long last = world.upsert(log, 2, 3);

    Await.until("the shard has it", () -> shard.logEnd() == last + 1);
    assertThat(shard.problem()).hasValue("disk is full");
    assertThat(shard.report().problem()).isEqualTo("disk is full");
    assertThat(shard.position()).isEqualTo(first + 1);
    try (ReadLease lease = shard.lease()) {
      assertThat(lease.count(null)).isEqualTo(1);
    }

    world.folds.isDiskFull.set(false);
    assertThat(shard.awaitPosition(last + 1, LONG)).isEqualTo(last + 1);
    assertThat(shard.state()).isEqualTo(ShardState.SERVING);
    assertThat(shard.problem()).isEmpty();
    assertThat(shard.report().problem()).isNull();
  }

  @Test
  void whatOnlyWaitsForMemoryIsToldAndIsNoProblem() {
    LogPartition log = world.newLog("a");
    long first = world.upsert(log, 1);
    world.place("a", log);
    world.start();
    ShardRuntime shard = world.awaitState(A, ShardState.SERVING);
    assertThat(shard.awaitPosition(first + 1, LONG)).isEqualTo(first + 1);
    assertThat(shard.report().problem()).isNull();

    world.folds.isMemoryShort.set(true);
    assertThat(shard.delay()).hasValue("a merge waits for room");
    assertThat(shard.problem()).isEmpty();
    assertThat(shard.report().problem()).isEqualTo("a merge waits for room");
  }

  private static HostSettings checkpointAtEveryChange() {
    HostSettings base = MemoryWorld.settings(1 << 20);
    return new HostSettings(
        base.workerThreads(),
        base.checkpointsAtOnce(),
        base.mailboxBytes(),
        base.mailboxesBytes(),
        base.checkpointInterval(),
        1,
        base.publishInterval(),
        base.waitersMax(),
        base.tickInterval(),
        base.retryDelayMin(),
        base.retryDelayMax(),
        base.closeTimeout());
  }

  @Test
  void aLogThatGoesBeforeTheDropIsKnownRaisesNoAlarm() {
    List<ShardId> failures = new CopyOnWriteArrayList<>();
    LogPartition log = world.newLog("a");
    Generation generation = world.place("a", log);
    world
        .with(
            new ShardEvents() {
              @Override
              public void failed(ShardId shard, boolean halted) {
                failures.add(shard);
              }
            })
        .start();
    world.awaitState(A, ShardState.SERVING);

    world.log.deleteTopic(log.topicId());
    world.view.drop(generation);

    Await.until("state is closed", world.folds.openFolders::isEmpty);
    assertThat(failures).isEmpty();
  }

  @Test
  void creatingAndDroppingManyTimesLeavesNothingBehind() throws IOException {
    world.start();
    cycle(0, 20);
    int threads = Thread.activeCount();

    cycle(20, 120);

    assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads);
    Await.until("folders are gone", () -> foldersUnder("shards").isEmpty());
    Await.until("folds are closed", world.folds.openFolders::isEmpty);
    Await.until("what they held is thrown away", () -> foldersUnder("trash").isEmpty());
    assertThat(world.manager().hosted()).isEmpty();
  }

  private void cycle(int from, int to) {
    for (int i = from; i < to; i++) {
      String name = "c" + i;
      LogPartition log = world.newLog(name);
      Generation generation = world.place(name, log);
      long last = world.upsert(log, 1);
      ShardRuntime shard = world.manager().require(MemoryWorld.shard(name), LONG);
      assertThat(shard.awaitPosition(last + 1, LONG)).isEqualTo(last + 1);
      world.view.drop(generation);
      world.log.deleteTopic(log.topicId());
    }
  }

  private List<Path> foldersUnder(String name) throws IOException {
    try (Stream<Path> folders = Files.list(data.resolve(name))) {
      return folders.toList();
    }
  }
}
