package dev.eddy.query.write;

import static dev.eddy.query.world.World.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.Placement.ReplicaState;
import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Declaration;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.PointVectors;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.query.ReadOptions;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import dev.eddy.query.fanout.FanoutSettings;
import dev.eddy.query.fanout.Waits;
import dev.eddy.query.world.World;
import dev.eddy.query.write.WriteResult.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogWriteServiceTest {
  private static final CollectionSpec SPEC =
      CollectionSpec.of(Map.of("", VectorParams.of(2, Distance.DOT)));
  private static final WriteOptions SHORT = new WriteOptions(true, Duration.ofMillis(50));

  private final World world = new World(2);

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void aCompletedWriteCarriesItsOffsetAndToken() {
    Generation generation = world.create("c", SPEC);
    world.writes.write("c", upsert(1), WriteOptions.ACKNOWLEDGE);
    WriteResult result = world.writes.write("c", upsert(2), WriteOptions.COMPLETE);
    assertThat(result.status()).isEqualTo(Status.COMPLETED);
    assertThat(result.operationId()).isEqualTo(1);
    assertThat(result.token().collectionId()).isEqualTo(generation.collectionId());
    assertThat(result.token().offsets()).containsExactly(Map.entry(0, 1L));
    assertThat(world.floors.position(generation, 0)).isEqualTo(2);
  }

  @Test
  void theLargestOffsetOverTheShardsIsTheOperation() {
    Generation generation = world.create("c", SPEC.distributed(3, 1));
    for (int i = 0; i < 5; i++) {
      world.writes.write("c", upsert(1), WriteOptions.COMPLETE);
    }
    Update everywhere =
        new Update.Delete(
            new PointSelection.Matching(Filter.must(new Condition.HasId(Set.of(PointId.of(1))))));
    WriteResult result = world.writes.write("c", everywhere, WriteOptions.COMPLETE);
    assertThat(result.operationId()).isEqualTo(5);
    assertThat(result.token().offsets()).hasSize(3);
    for (int shard = 0; shard < 3; shard++) {
      assertThat(world.log(generation.shard(shard)).getLast()).isEqualTo(everywhere);
    }
  }

  private static final Declaration DECLARATION =
      new Declaration.DeclareField(KeyPath.parse("a"), FieldIndex.of(FieldIndex.Type.BOOL));

  @Test
  void aDeclarationIsAChangeOfTheCollectionWithAReceipt() {
    Generation generation = world.create("c", SPEC.distributed(2, 2));
    world.view.set(world.withAlias("other", "c"));
    WriteResult result = world.writes.declare("other", DECLARATION, WriteOptions.COMPLETE);
    assertThat(world.admin.changes).containsExactly(CollectionChange.of(DECLARATION));
    assertThat(result.status()).isEqualTo(Status.COMPLETED);
    assertThat(result.token().offsets()).isEqualTo(Map.of(0, 0L, 1, 0L));
    assertThat(world.floors.position(generation, 1)).isEqualTo(1);
    assertThat(failureOf(() -> world.writes.declare("x", DECLARATION, SHORT)).code())
        .isEqualTo(ErrorCode.NOT_FOUND);
  }

  @Test
  void aDeclarationWaitsForEveryReplicaThatReads() {
    world.create("c", SPEC.distributed(1, 2));
    world.nodes.get(1).isPaused = true;
    assertThat(world.writes.declare("c", DECLARATION, SHORT).status())
        .isEqualTo(Status.WAIT_TIMEOUT);
    assertThat(world.writes.declare("c", DECLARATION, WriteOptions.ACKNOWLEDGE).status())
        .isEqualTo(Status.ACKNOWLEDGED);
  }

  private static final CollectionSpec INDEXED =
      SPEC.distributed(2, 2).withPayloadIndexes(Map.of("a", FieldIndex.of(FieldIndex.Type.BOOL)));

  @Test
  void aDeclaredIndexIsWaitedForUntilEveryReplicaHasReadIt() {
    world.create("c", INDEXED);
    assertThat(world.writes.declare("c", DECLARATION, SHORT).status())
        .isEqualTo(Status.WAIT_TIMEOUT);
    world.nodes.get(0).fieldPoints = Map.of("a", 1L);
    assertThat(world.writes.declare("c", DECLARATION, SHORT).status())
        .isEqualTo(Status.WAIT_TIMEOUT);
    assertThat(world.writes.declare("c", DECLARATION, WriteOptions.ACKNOWLEDGE).status())
        .isEqualTo(Status.ACKNOWLEDGED);
    world.nodes.get(1).fieldPoints = Map.of("b", 1L);
    Future<WriteResult> waiting =
        world.threads.submit(() -> world.writes.declare("c", DECLARATION, WriteOptions.COMPLETE));
    assertThat(world.writes.declare("c", DECLARATION, SHORT).status())
        .isEqualTo(Status.WAIT_TIMEOUT);
    world.nodes.get(1).fieldPoints = Map.of("a", 0L, "b", 1L);
    assertThat(Waits.join(waiting).status()).isEqualTo(Status.COMPLETED);
  }

  @Test
  void anIndexThatIsGoneIsNotWaitedFor() {
    Generation generation = world.create("c", INDEXED);
    Declaration other =
        new Declaration.DeclareField(KeyPath.parse("\"a\""), FieldIndex.of(FieldIndex.Type.FLOAT));
    assertThat(world.writes.declare("c", other, WriteOptions.COMPLETE).status())
        .as("declared otherwise since")
        .isEqualTo(Status.COMPLETED);
    Declaration drop = new Declaration.DropField(KeyPath.parse("a"));
    assertThat(world.writes.declare("c", drop, WriteOptions.COMPLETE).status())
        .isEqualTo(Status.COMPLETED);
    Future<WriteResult> waiting =
        world.threads.submit(() -> world.writes.declare("c", DECLARATION, WriteOptions.COMPLETE));
    while (world.log(generation.shard(0)).size() < 3) {
      Thread.onSpinWait();
    }
    world.view.set(world.without("c"));
    assertThat(failureOf(() -> Waits.join(waiting)).code()).isEqualTo(ErrorCode.NOT_FOUND);
  }

  @Test
  void whatTheGateRefusesIsNotInTheLog() {
    Generation generation = world.create("c", SPEC);
    Update wrong =
        new Update.Upsert(
            List.of(new Point(PointId.of(1), Vectors.unnamed(1, 2, 3), Payload.EMPTY)));
    assertThat(failureOf(() -> world.writes.write("c", wrong, WriteOptions.ACKNOWLEDGE)).code())
        .isEqualTo(ErrorCode.WRONG_INPUT);
    assertThat(world.log(generation.shard(0))).isEmpty();
  }

  @Test
  void anUnknownCollectionIsLookedForAtTheEndOfTheMetadataFirst() {
    world.create("c", SPEC);
    var withIt = world.view.state();
    world.view.set(world.without("c"));
    world.view.setUnseen(withIt);
    assertThat(world.writes.write("c", upsert(1), WriteOptions.ACKNOWLEDGE).operationId()).isZero();
    assertThat(world.view.readsToEnd()).isOne();
    assertThat(failureOf(() -> world.writes.write("d", upsert(1), WriteOptions.ACKNOWLEDGE)))
        .hasMessage("Not found: Collection `d` doesn't exist!");
  }

  @Test
  void aStaleViewIsReadToItsEndBeforeAWriteIsAccepted() {
    Generation generation = world.create("c", SPEC);
    world.view.setUnseen(world.without("c"));
    world.view.stale(true);
    assertThat(failureOf(() -> world.writes.write("c", upsert(1), WriteOptions.ACKNOWLEDGE)).code())
        .isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(world.log(generation.shard(0))).isEmpty();
  }

  @Test
  void aCollectionDroppedInFlightIsNotFound() throws Exception {
    world.create("c", SPEC);
    world.nodes.forEach(node -> node.isPaused = true);
    Future<EddyException> failure =
        world.threads.submit(
            () -> failureOf(() -> world.writes.write("c", upsert(1), WriteOptions.COMPLETE)));
    while (world.recordBytes.isEmpty()) {
      Thread.onSpinWait();
    }
    world.view.set(world.without("c"));
    assertThat(failure.get()).hasMessage("Not found: Collection `c` doesn't exist!");
  }

  @Test
  void aDroppedLogOfALivingCollectionIsUnavailable() {
    world.create("c", SPEC);
    world.appendFailure = new LogDroppedException("gone", new IllegalStateException());
    assertThat(failureOf(() -> world.writes.write("c", upsert(1), WriteOptions.COMPLETE)).code())
        .isEqualTo(ErrorCode.UNAVAILABLE);
    world.view.setUnseen(world.without("c"));
    assertThat(failureOf(() -> world.writes.write("c", upsert(1), WriteOptions.COMPLETE)).code())
        .isEqualTo(ErrorCode.NOT_FOUND);
  }

  @Test
  void everyReplicaIsWaitedForUntilItLeavesTheSet() throws Exception {
    Generation generation = world.create("c", SPEC.distributed(1, 2));
    world.nodes.get(1).isPaused = true;
    Future<WriteResult> write =
        world.threads.submit(() -> world.writes.write("c", upsert(1), WriteOptions.COMPLETE));
    while (world.nodes.get(1).calls.get() == 0) {
      Thread.onSpinWait();
    }
    assertThat(write.isDone()).isFalse();
    world.view.set(world.withReplica(generation, 0, 1, null));
    assertThat(write.get().status()).isEqualTo(Status.COMPLETED);
  }

  @Test
  void whereNobodyReadsAWriteIsAcknowledgedBeforeItIsApplied() {
    world.create("c", SPEC);
    world.nodes.forEach(node -> node.isPaused = true);
    world.writes.write("c", upsert(1), WriteOptions.ACKNOWLEDGE);
    assertThat(world.nodes).allSatisfy(node -> assertThat(node.calls).hasValue(0));
  }

  @Test
  void besideReadsAnAcknowledgementIsHeldBackSoThatTheyNeedNotWait() throws Exception {
    Generation generation = world.create("c", SPEC);
    world.reads.count("c", null, true, ReadOptions.DEFAULT);
    int before = world.nodes.stream().mapToInt(node -> node.calls.get()).sum();
    world.nodes.forEach(node -> node.isPaused = true);
    Future<WriteResult> write =
        world.threads.submit(() -> world.writes.write("c", upsert(1), WriteOptions.ACKNOWLEDGE));
    while (world.nodes.stream().mapToInt(node -> node.calls.get()).sum() < before + 2) {
      Thread.onSpinWait();
    }
    assertThat(write.isDone()).isFalse();
    assertThat(world.floors.position(generation, 0)).as("no read waits for it").isZero();
    world.nodes.forEach(node -> node.isPaused = false);
    world.catchUp();
    assertThat(write.get().status()).isEqualTo(Status.ACKNOWLEDGED);
    assertThat(world.floors.position(generation, 0)).isEqualTo(1);
  }

  @Test
  void noAcknowledgementIsHeldBackForAReplicaThatNobodyReads() {
    Generation generation = world.create("c", SPEC.distributed(1, 2));
    world.view.set(world.withReplica(generation, 0, 1, ReplicaState.JOINING));
    world.reads.count("c", null, true, ReadOptions.DEFAULT);
    int before = world.nodes.get(1).calls.get();
    world.nodes.get(1).isPaused = true;
    world.writes.write("c", upsert(1), WriteOptions.ACKNOWLEDGE);
    assertThat(world.nodes.get(1).calls).hasValue(before);
    world.nodes.get(0).isPaused = true;
    world.view.set(world.withReplica(generation, 0, 0, ReplicaState.CATCHING_UP));
    int others = world.nodes.get(0).calls.get();
    world.writes.write("c", upsert(2), WriteOptions.ACKNOWLEDGE);
    assertThat(world.nodes.get(0).calls).as("nobody is read").hasValue(others);
  }

  @Test
  void whoeverEndsTheWaitingAWriteInTheLogIsAcknowledged() throws Exception {
    Generation generation = world.create("c", SPEC);
    world.reads.count("c", null, true, ReadOptions.DEFAULT);
    int before = world.nodes.getFirst().calls.get();
    world.nodes.forEach(node -> node.isPaused = true);
    FutureTask<WriteResult> write =
        new FutureTask<>(() -> world.writes.write("c", upsert(1), WriteOptions.ACKNOWLEDGE));
    Thread thread = Thread.ofVirtual().start(write);
    while (world.nodes.stream().mapToInt(node -> node.calls.get()).sum() <= before) {
      Thread.onSpinWait();
    }
    thread.interrupt();
    assertThat(write.get().status()).isEqualTo(Status.ACKNOWLEDGED);
    assertThat(world.floors.position(generation, 0)).isEqualTo(1);
  }

  @Test
  void anAcknowledgementIsHeldBackForSomeTimeOnly() {
    world.create("c", SPEC);
    world.reads.count("c", null, true, ReadOptions.DEFAULT);
    world.nodes.forEach(node -> node.isPaused = true);
    assertThat(
            world
                .writes
                .write("c", upsert(1), new WriteOptions(false, Duration.ofMillis(50)))
                .status())
        .isEqualTo(Status.ACKNOWLEDGED);
  }

  @Test
  void aDeadReplicaCostsNoWriteItsTimeoutOnceItHasLeft() throws Exception {
    Generation generation = world.create("c", SPEC.distributed(1, 2));
    world.nodes.get(0).isDown = true;
    Future<WriteResult> write =
        world.threads.submit(() -> world.writes.write("c", upsert(1), WriteOptions.COMPLETE));
    while (world.nodes.get(0).calls.get() < 2) {
      Thread.onSpinWait();
    }
    world.view.set(world.withReplica(generation, 0, 0, null));
    assertThat(write.get().status()).isEqualTo(Status.COMPLETED);
  }

  @Test
  void aJoiningReplicaIsWaitedForAndOneThatCatchesUpIsNot() {
    Generation generation = world.create("c", SPEC.distributed(1, 2));
    world.nodes.get(1).isPaused = true;
    world.view.set(world.withReplica(generation, 0, 1, ReplicaState.CATCHING_UP));
    assertThat(world.writes.write("c", upsert(1), SHORT).status()).isEqualTo(Status.COMPLETED);
    world.view.set(world.withReplica(generation, 0, 1, ReplicaState.JOINING));
    assertThat(world.writes.write("c", upsert(1), SHORT).status()).isEqualTo(Status.WAIT_TIMEOUT);
    world.view.set(world.withReplica(generation, 0, 1, ReplicaState.LEAVING));
    assertThat(world.writes.write("c", upsert(1), SHORT).status()).isEqualTo(Status.WAIT_TIMEOUT);
  }

  @Test
  void withNoReplicaNothingIsCompleted() {
    Generation generation = world.create("c", SPEC);
    world.view.set(world.withReplica(generation, 0, 0, null));
    assertThat(world.writes.write("c", upsert(1), SHORT).status()).isEqualTo(Status.WAIT_TIMEOUT);
  }

  @Test
  void aForgottenVerdictIsNeverCalledCompleted() {
    world.create("c", SPEC);
    world.nodes.get(0).isForgetful = true;
    assertThat(world.writes.write("c", upsert(1), WriteOptions.COMPLETE).status())
        .isEqualTo(Status.WAIT_TIMEOUT);
  }

  @Test
  void aRejectionIsLearntByWaiting() {
    world.create("c", SPEC);
    Update unknown =
        new Update.UpdateVectors(List.of(new PointVectors(PointId.of(7), Vectors.unnamed(1, 2))));
    assertThat(world.writes.write("c", unknown, WriteOptions.ACKNOWLEDGE).status())
        .isEqualTo(Status.ACKNOWLEDGED);
    EddyException failure =
        failureOf(() -> world.writes.write("c", unknown, WriteOptions.COMPLETE));
    assertThat(failure.code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(failure).hasMessage("Not found: No point with id 7 found");
  }

  @Test
  void aBatchStopsAtItsFirstFailure() {
    Generation generation = world.create("c", SPEC);
    Update unknown =
        new Update.UpdateVectors(List.of(new PointVectors(PointId.of(7), Vectors.unnamed(1, 2))));
    assertThat(
            failureOf(() ->
                    world.writes.writeBatch(
                        "c", List.of(upsert(1), unknown, upsert(2)), WriteOptions.COMPLETE))
                .code())
        .isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(world.log(generation.shard(0))).containsExactly(upsert(1), unknown);
    assertThat(world.writes.writeBatch("c", List.of(), WriteOptions.COMPLETE)).isEmpty();
  }

  @Test
  void aWaitThatRanOutDoesNotEndABatch() {
    Generation generation = world.create("c", SPEC);
    world.nodes.forEach(node -> node.isPaused = true);
    List<Update> updates = List.of(upsert(1), upsert(2), upsert(3));
    assertThat(world.writes.writeBatch("c", updates, SHORT))
        .extracting(WriteResult::status)
        .containsExactly(Status.WAIT_TIMEOUT, Status.WAIT_TIMEOUT, Status.WAIT_TIMEOUT);
    assertThat(world.log(generation.shard(0))).isEqualTo(updates);
  }

  @Test
  void anUpdateThatAMissingPointEndsIsOneRecordWhereItFits() {
    Generation generation = world.create("c", SPEC);
    List<PointId> ids = new ArrayList<>();
    for (long id = 0; id < 25_000; id++) {
      ids.add(PointId.of(id));
    }
    Update clear = new Update.ClearPayload(new PointSelection.Ids(ids));
    world.writes.write("c", clear, WriteOptions.ACKNOWLEDGE);
    assertThat(world.log(generation.shard(0))).containsExactly(clear);
  }

  @Test
  void ofACutUpdateNothingFollowsTheRecordWithTheMissingPoint() {
    try (World small = new World(1, FanoutSettings.DEFAULT, new WriteLimits(200, 1_000))) {
      Generation generation = small.create("c", SPEC);
      for (long id = 0; id < 60; id++) {
        small.writes.write("c", upsert(id), WriteOptions.COMPLETE);
      }
      int before = small.log(generation.shard(0)).size();
      List<PointVectors> vectors = new ArrayList<>();
      for (long id = 0; id < 120; id++) {
        vectors.add(new PointVectors(PointId.of(id), Vectors.unnamed(7, 7)));
      }
      Update update = new Update.UpdateVectors(vectors);
      EddyException failure =
          failureOf(() -> small.writes.write("c", update, WriteOptions.COMPLETE));
      assertThat(failure).hasMessageMatching("Not found: No point with id 6\\d found");
      int written = small.log(generation.shard(0)).size() - before;
      int all = new UpdateSplitter(new WriteLimits(200, 1_000)).split(update, 1).size();
      assertThat(written).isBetween(2, all - 1);
      // Who doesn't wait isn't told, and the rest has no effect all the same.
      WriteResult quiet = small.writes.write("c", update, WriteOptions.ACKNOWLEDGE);
      assertThat(quiet.status()).isEqualTo(Status.ACKNOWLEDGED);
      assertThat(small.log(generation.shard(0)).size() - before).isEqualTo(2 * written);
      // What can't be learnt in time follows: it is acknowledged as a whole.
      small.nodes.forEach(node -> node.isPaused = true);
      assertThat(small.writes.write("c", update, SHORT).status()).isEqualTo(Status.WAIT_TIMEOUT);
      assertThat(small.log(generation.shard(0)).size() - before).isEqualTo(2 * written + all);
    }
  }

  @Test
  void alogThatIsBusyLeavesNothingBehind() {
    world.create("c", SPEC);
    world.appendFailure = new EddyException(ErrorCode.OVERLOADED, "Overloaded: busy");
    assertThat(failureOf(() -> world.writes.write("c", upsert(1), WriteOptions.COMPLETE)).code())
        .isEqualTo(ErrorCode.OVERLOADED);
  }

  @Test
  void aLargeUpsertBecomesSeveralRecords() {
    Generation generation = world.create("c", SPEC);
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < 40_000; i++) {
      points.add(new Point(PointId.of(i), Vectors.unnamed(i, 1), Payload.EMPTY));
    }
    WriteResult result = world.writes.write("c", new Update.Upsert(points), WriteOptions.COMPLETE);
    int records = world.log(generation.shard(0)).size();
    assertThat(records).isGreaterThan(1);
    assertThat(result.operationId()).isEqualTo(records - 1);
    assertThat(world.recordBytes).allMatch(bytes -> bytes <= (256 << 10) + 16);
  }

  private static Update upsert(long id) {
    return new Update.Upsert(
        List.of(new Point(PointId.of(id), Vectors.unnamed(id, 1), Payload.EMPTY)));
  }
}
