package dev.eddy.query.collection;

import static dev.eddy.query.world.World.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.cluster.CollectionAdmin.AliasAction;
import dev.eddy.model.cluster.Placement.ReplicaState;
import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.CollectionChange.VectorDiff;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.update.Update;
import dev.eddy.query.world.FakeNode;
import dev.eddy.query.world.World;
import dev.eddy.query.write.WriteOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClusterCollectionServiceTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final CollectionSpec SPEC =
      CollectionSpec.of(Map.of("", VectorParams.of(2, Distance.DOT))).distributed(3, 1);

  private final World world = new World(2);

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void aCollectionIsSummedOverItsShards() {
    world.collections.create("c", SPEC, TIMEOUT);
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      points.add(new Point(PointId.of(i), Vectors.unnamed(i, 0), Payload.EMPTY));
    }
    world.writes.write("c", new Update.Upsert(points), WriteOptions.COMPLETE);
    CollectionInfo info = world.collections.get("c");
    assertThat(info.points()).isEqualTo(10);
    assertThat(info.segments()).isEqualTo(3);
    assertThat(info.status()).isEqualTo(CollectionInfo.Status.GREEN);
    assertThat(info.updateQueueLength()).isZero();
    assertThat(info.spec()).isEqualTo(SPEC);
  }

  @Test
  void whatIsNotAppliedYetIsInTheQueue() {
    var generation = world.create("c", SPEC.distributed(1, 1));
    world.nodes.forEach(node -> node.isPaused = true);
    world.append(generation, 0, dev.eddy.proto.log.LogRecordCodec.encode(new Update.Noop())).join();
    assertThat(world.collections.get("c").updateQueueLength()).isEqualTo(1);
  }

  @Test
  void whatAShardCannotDoIsSaid() {
    world.create("c", SPEC);
    for (FakeNode node : world.nodes) {
      node.problem = "v: sealing or merging fails: No space left on device";
    }
    CollectionInfo info = world.collections.get("c");
    assertThat(info.status()).isEqualTo(CollectionInfo.Status.RED);
    assertThat(info.optimizerError())
        .isEqualTo("shard 0: v: sealing or merging fails: No space left on device");
  }

  @Test
  void aShardThatCannotBeAskedFailsTheAnswer() {
    world.create("c", SPEC);
    world.nodes.getFirst().isDown = true;
    assertThat(failureOf(() -> world.collections.get("c")).code()).isEqualTo(ErrorCode.UNAVAILABLE);
  }

  @Test
  void aliasesNameACollectionUntilTheyAreDeleted() {
    world.create("c", SPEC);
    world.collections.updateAliases(List.of(new AliasAction.Create("c", "a")), TIMEOUT);
    assertThat(world.collections.exists("a")).isTrue();
    assertThat(world.collections.get("a").name()).isEqualTo("c");
    assertThat(world.collections.aliases()).containsExactly(new CollectionAlias("a", "c"));
    assertThat(world.collections.aliases("c")).containsExactly(new CollectionAlias("a", "c"));
    world.collections.updateAliases(List.of(new AliasAction.Delete("a")), TIMEOUT);
    assertThat(world.collections.exists("a")).isFalse();
    assertThat(world.collections.list()).containsExactly("c");
  }

  @Test
  void aNameThatNothingCanHaveIsSaidToBeSo() {
    String tooLong = "x".repeat(256);
    for (String name : List.of("", tooLong)) {
      assertThat(failureOf(() -> world.collections.exists(name)).code())
          .isEqualTo(ErrorCode.VALIDATION);
      assertThat(failureOf(() -> world.collections.get(name)).text())
          .startsWith("collection_name: value ");
    }
  }

  @Test
  void namesAreCheckedBeforeTheControllerIsAsked() {
    assertThat(failureOf(() -> world.collections.create("a/b", SPEC, TIMEOUT)))
        .hasMessage("collection_name: collection name cannot contain \"/\" char");
    assertThat(
            failureOf(() ->
                    world.collections.updateAliases(
                        List.of(new AliasAction.Create("c", "")), TIMEOUT))
                .code())
        .isEqualTo(ErrorCode.VALIDATION);
  }

  @Test
  void shardsHaveALimit() {
    CollectionSpec spec = CollectionSpec.of(Map.of());
    assertThat(
            failureOf(() ->
                world.collections.create("c", spec.distributed(1_025, 1), Duration.ofSeconds(1))))
        .hasMessage("shard_number: value 1025 invalid, must be 1024 or smaller");
  }

  @Test
  void aChangeOfAnUnknownVectorIsRefused() {
    world.create("c", SPEC);
    CollectionChange change =
        new CollectionChange(
            Map.of("x", new VectorDiff(null, true, null, null)),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    assertThat(failureOf(() -> world.collections.update("c", change, TIMEOUT)))
        .hasMessage("Wrong input: Not existing vector name error: x");
    assertThat(world.admin.changes).isEmpty();
  }

  @Test
  void replicasAreLocalOrRemote() {
    var generation = world.create("c", SPEC.distributed(2, 2));
    world.view.set(world.withReplica(generation, 1, 1, ReplicaState.LEAVING));
    CollectionShards shards = world.collections.clusterInfo("c");
    assertThat(shards.shardCount()).isEqualTo(2);
    assertThat(shards.local()).extracting(CollectionShards.LocalShard::shard).containsExactly(0, 1);
    assertThat(shards.remote())
        .extracting(CollectionShards.RemoteShard::state)
        .containsExactly(ReplicaState.READING, ReplicaState.LEAVING);
    assertThat(shards.remote())
        .noneMatch(remote -> remote.peerId() == shards.peerId())
        .allMatch(remote -> remote.peerId() > 0);
  }
}
