package dev.eddy.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.checkpoint.DiskFileStore;
import dev.eddy.engine.checkpoint.FaultyFileStore;
import dev.eddy.engine.checkpoint.FileStore;
import dev.eddy.engine.segment.MemoryBudget;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Points that get slots anew while the shard goes on, a few at each turn. */
final class RenumberingTest {
  private static final UUID TOPIC = new UUID(5, 5);
  private static final int IDS = 400;
  private static final RenumberingRule RULE = new RenumberingRule(1_000, 2, 1_300, 0);

  /** Enough turns for all points, at some each. */
  private static final int TURNS = 60;

  @TempDir Path folder;
  private final RandomUpdates random = new RandomUpdates(new Random(7), IDS);
  private final Oracle oracle = new Oracle();
  private EngineResources resources = new EngineResources(2, 32 << 20, 16 << 20);
  private long offset;

  @AfterEach
  void close() {
    resources.close();
  }

  private Shard open(FileStore files) throws IOException {
    ShardSettings settings = new ShardSettings(65_536, 40_000, 300, files).with(RULE);
    return Shard.open(RandomUpdates.SHARD, TOPIC, folder.resolve("shard"), resources, settings);
  }

  /** A node whose memory is nearly all another's. */
  private MemoryBudget.Account withLittleMemory() {
    resources.close();
    MemoryBudget memory = new MemoryBudget(32 << 20);
    resources = new EngineResources(2, 32 << 20, 16 << 20, 0, memory);
    MemoryBudget.Account others = memory.open();
    others.set(30_000_000);
    return others;
  }

  private void apply(Shard shard, Update update) {
    assertThat(shard.apply(offset, update)).isNotNull();
    oracle.apply((int) offset, update);
    offset++;
  }

  /** Writes all points so often that they are to have new slots. */
  private void outgrow(Shard shard) {
    apply(shard, random.genesis());
    for (int round = 0; round < 3; round++) {
      for (int from = 0; from < IDS; from += 100) {
        apply(shard, random.grow(from, 100));
      }
    }
    assertThat(shard.slots()).isEqualTo(3 * IDS);
  }

  private void isSame(Shard shard) {
    shard.publish();
    ShardChecks.sameState(shard, oracle);
    ShardChecks.sameAnswers(shard, oracle, random);
  }

  private static void turn(Shard shard, int turns) {
    for (int i = 0; i < turns; i++) {
      var _ = shard.maintain();
    }
  }

  private static void untilRenumbered(Shard shard) {
    int before = shard.slots();
    for (int i = 0; i < TURNS && shard.slots() >= before; i++) {
      var _ = shard.maintain();
    }
    ShardChecks.settle(shard);
    assertThat(shard.slots()).isLessThan(before);
  }

  private List<String> homes() throws IOException {
    try (Stream<Path> homes = Files.list(folder.resolve("shard").resolve("live"))) {
      return homes.map(home -> String.valueOf(home.getFileName())).sorted().toList();
    }
  }

  @Test
  void pointsAreTheSameUnderNewSlots() throws IOException {
    try (Shard shard = open(new DiskFileStore())) {
      outgrow(shard);
      untilRenumbered(shard);
      assertThat(shard.slots()).isEqualTo(IDS);
      isSame(shard);
      shard.checkpoint();
    }
    try (Shard shard = open(new DiskFileStore())) {
      assertThat(shard.position()).isEqualTo(offset);
      assertThat(shard.slots()).isEqualTo(IDS);
      isSame(shard);
      for (int i = 0; i < 200; i++) {
        apply(shard, random.next());
      }
      isSame(shard);
    }
  }

  @Test
  void whatHappensMeanwhileHappensToTheNewOnesToo() throws IOException {
    try (Shard shard = open(new DiskFileStore())) {
      outgrow(shard);
      for (int i = 0; i < 100; i++) {
        Update update = random.next();
        if (!(update instanceof Update.Configure)) {
          apply(shard, update);
        }
        turn(shard, i % 3 == 0 ? 1 : 0);
      }
      ShardChecks.settle(shard);
      assertThat(shard.slots()).isLessThan(2 * IDS);
      isSame(shard);
      assertThat(shard.problem()).isEmpty();
    }
  }

  @Test
  void aChangeOfTheCollectionBeginsItAgain() throws IOException {
    try (Shard shard = open(new DiskFileStore())) {
      outgrow(shard);
      turn(shard, 3);
      assertThat(homes()).contains("state-2");
      apply(shard, random.schema().change());
      turn(shard, 1);
      assertThat(homes()).contains("state-3").doesNotContain("state-2");
      untilRenumbered(shard);
      isSame(shard);
    }
  }

  @Test
  void whoReadsOldSlotsReadsOn() throws IOException {
    try (Shard shard = open(new DiskFileStore())) {
      outgrow(shard);
      shard.publish();
      String before = shard.stats().contentHash();
      try (ShardLease lease = shard.lease()) {
        untilRenumbered(shard);
        apply(
            shard, new Update.Delete(new PointSelection.Ids(List.copyOf(oracle.points.keySet()))));
        shard.publish();
        assertThat(lease.count(null)).isEqualTo(IDS);
        assertThat(lease.contentHash()).isEqualTo(before);
        assertThat(homes()).contains("state-1", "state-2");
      }
      turn(shard, 1);
      assertThat(homes()).doesNotContain("state-1");
      try (ShardLease lease = shard.lease()) {
        assertThat(lease.count(null)).isZero();
      }
    }
  }

  @Test
  void aCheckpointUnderWayIsOfTheOldSlots() throws IOException {
    try (Shard shard = open(new DiskFileStore())) {
      outgrow(shard);
      shard.checkpoint();
      try (ShardCheckpoint begun = shard.beginCheckpoint(false)) {
        turn(shard, TURNS);
        assertThat(shard.slots()).isEqualTo(3 * IDS);
        begun.write();
      }
      untilRenumbered(shard);
      shard.checkpoint();
    }
    try (Shard shard = open(new DiskFileStore())) {
      assertThat(shard.slots()).isEqualTo(IDS);
      isSame(shard);
    }
  }

  @Test
  void withoutMemoryItWaits() throws IOException {
    try (MemoryBudget.Account others = withLittleMemory();
        Shard shard = open(new DiskFileStore())) {
      outgrow(shard);
      turn(shard, TURNS);
      assertThat(shard.slots()).isEqualTo(3 * IDS);
      assertThat(homes()).doesNotContain("state-2");
      assertThat(shard.delay()).get().asString().contains("wait for memory");
      others.set(0);
      untilRenumbered(shard);
      assertThat(shard.delay()).isEmpty();
      isSame(shard);
    }
  }

  @Test
  void whereSlotsRunOutItIsDoneWithoutMemoryToo() throws IOException {
    try (MemoryBudget.Account others = withLittleMemory();
        Shard shard = open(new DiskFileStore())) {
      outgrow(shard);
      apply(shard, random.grow(0, 100));
      assertThat(shard.slots()).isEqualTo(1_300);
      untilRenumbered(shard);
      isSame(shard);
    }
  }

  @Test
  void itIsTriedAgainWhenTheDiskRefuses() throws IOException {
    FaultyFileStore disk =
        new FaultyFileStore(new Random(1), Files.createDirectories(folder.resolve("limbo")));
    try (Shard shard = open(disk)) {
      outgrow(shard);
      disk.failAfter(0);
      turn(shard, 1);
      assertThat(shard.problem()).get().asString().contains("giving points new slots");
      isSame(shard);
      disk.failAfter(Integer.MAX_VALUE);
      ShardChecks.settle(shard);
      untilNoProblem(shard);
      assertThat(shard.slots()).isEqualTo(IDS);
      isSame(shard);
    }
    assertThat(resources.memory().heldBytes()).isZero();
  }

  private static void untilNoProblem(Shard shard) {
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (shard.problem().isPresent()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      var _ = shard.maintain();
    }
  }

  @Test
  void damageOfNewFilesIsKnownAtTheNextStart() throws IOException {
    Path mark;
    try (Shard shard = open(new DiskFileStore())) {
      outgrow(shard);
      untilRenumbered(shard);
      shard.checkpoint();
      Path home = folder.resolve("shard").resolve("live").resolve("state-2");
      Files.writeString(home.resolve("vectors").resolve("v-9.segment.corrupt"), "");
      Files.writeString(home.resolve("points.corrupt"), "");
      mark = home;
    }
    DamageMarks marks =
        new DamageMarks(folder.resolve("shard").resolve("live"), new DiskFileStore());
    assertThat(marks.isStoreSuspect()).isFalse();
    marks.gather();
    assertThat(marks.isStoreSuspect()).isTrue();
    assertThat(marks.suspects()).contains("v-9.segment");
    try (Shard shard = open(new DiskFileStore())) {
      assertThat(mark).doesNotExist();
      isSame(shard);
    }
  }
}
