package dev.eddy.query.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.query.SearchParams;
import dev.eddy.model.shard.ShardException;
import dev.eddy.model.shard.ShardService;
import dev.eddy.model.shard.ShardService.AwaitRequest;
import dev.eddy.model.shard.ShardService.Bounds;
import dev.eddy.model.shard.ShardService.CountRequest;
import dev.eddy.model.shard.ShardService.FetchRequest;
import dev.eddy.model.shard.ShardService.RetrieveRequest;
import dev.eddy.model.shard.ShardService.ScrollRequest;
import dev.eddy.model.shard.ShardService.SearchRequest;
import dev.eddy.model.shard.ShardService.SearchResponse;
import dev.eddy.model.shard.ShardService.ShardQuery;
import dev.eddy.model.update.Update;
import dev.eddy.model.usage.HardwareUsage;
import dev.eddy.query.world.ShardServer;
import dev.eddy.query.world.World;
import dev.eddy.query.write.WriteOptions;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RemoteShardServiceTest {
  private static final Bounds BOUNDS = new Bounds(0, Duration.ofSeconds(20));

  private final World world = new World(1);
  private final ShardServer server = ShardServer.start(world.nodes.getFirst());
  private final ClusterShardDirectory directory =
      new ClusterShardDirectory(world.view, "query-node", null);
  private final Generation generation =
      world.create("c", CollectionSpec.of(Map.of("", VectorParams.of(2, Distance.DOT))));

  @BeforeEach
  void report() {
    world.view.reports(
        List.of(
            new NodeReport(
                "node-0",
                1,
                Set.of(NodeReport.Role.INDEX),
                "127.0.0.1:" + server.port(),
                null,
                0,
                List.of(),
                null)));
    for (long id = 1; id <= 3; id++) {
      world.writes.write(
          "c",
          new Update.Upsert(
              List.of(new Point(PointId.of(id), Vectors.unnamed(id, 0), Payload.EMPTY))),
          WriteOptions.COMPLETE);
    }
  }

  @AfterEach
  void close() {
    directory.close();
    server.close();
    world.close();
  }

  @Test
  void whatANodeUsesCountsForTheRequestThatAsks() {
    ShardService remote = directory.find("node-0").orElseThrow();
    SearchRequest two =
        new SearchRequest(
            generation.shard(0),
            BOUNDS,
            0,
            Collections.nCopies(
                2, ShardQuery.nearest("", new float[] {1, 0}, null, SearchParams.DEFAULT, 1, null)),
            PayloadSelector.None.NONE,
            VectorSelector.None.NONE,
            false);
    HardwareUsage usage = new HardwareUsage();
    assertThat(usage.during(() -> remote.search(two)).hits()).hasSize(2);
    assertThat(remote.search(two).hits()).hasSize(2);
    assertThat(usage.get(HardwareUsage.Part.CPU)).isEqualTo(2);
  }

  @Test
  void everyCallGivesWhatTheDirectOneGives() {
    ShardService remote = directory.find("node-0").orElseThrow();
    ShardService direct = world.nodes.getFirst();
    var shard = generation.shard(0);
    var all = PayloadSelector.All.ALL;
    var vectors = VectorSelector.All.ALL;
    var ids = List.of(PointId.of(2), PointId.of(9));
    RetrieveRequest retrieve = new RetrieveRequest(shard, BOUNDS, ids, all, vectors);
    assertThat(remote.retrieve(retrieve)).isEqualTo(direct.retrieve(retrieve));
    ScrollRequest scroll = new ScrollRequest(shard, BOUNDS, PointId.of(2), 5, null, all, vectors);
    assertThat(remote.scroll(scroll)).isEqualTo(direct.scroll(scroll));
    CountRequest count = new CountRequest(shard, BOUNDS, null, true);
    assertThat(remote.count(count)).isEqualTo(direct.count(count));
    AwaitRequest await = new AwaitRequest(shard, List.of(0L, 2L), Duration.ofSeconds(20));
    assertThat(remote.awaitApplied(await)).isEqualTo(direct.awaitApplied(await));
    assertThat(remote.describe(shard, BOUNDS)).isEqualTo(direct.describe(shard, BOUNDS));
    ShardQuery query =
        ShardQuery.nearest("", new float[] {1, 0}, null, SearchParams.DEFAULT, 2, null);
    SearchRequest oneTrip =
        new SearchRequest(shard, BOUNDS, 0, List.of(query), all, vectors, false);
    assertThat(remote.search(oneTrip)).isEqualTo(direct.search(oneTrip));
    SearchResponse kept =
        remote.search(
            new SearchRequest(
                shard,
                BOUNDS,
                0,
                List.of(query),
                PayloadSelector.None.NONE,
                VectorSelector.None.NONE,
                true));
    assertThat(
            remote.fetch(
                new FetchRequest(
                    shard,
                    kept.leaseId(),
                    List.of(PointId.of(3)),
                    List.of(2L),
                    all,
                    vectors,
                    false)))
        .extracting(point -> point.id())
        .containsExactly(PointId.of(3));
    remote.releaseLease(shard, kept.leaseId());
  }

  @Test
  void failuresKeepTheirReason() {
    ShardService remote = directory.find("node-0").orElseThrow();
    var notHosted = new CountRequest(generation.shard(7), BOUNDS, null, true);
    assertThat(reason(remote, notHosted)).isEqualTo(ShardException.Reason.NOT_HOSTED);
    var tooNew =
        new CountRequest(generation.shard(0), new Bounds(9, Duration.ofMillis(20)), null, true);
    assertThat(reason(remote, tooNew)).isEqualTo(ShardException.Reason.STALE);
    server.close();
    var any = new CountRequest(generation.shard(0), BOUNDS, null, true);
    assertThat(reason(remote, any)).isEqualTo(ShardException.Reason.UNREACHABLE);
  }

  @Test
  void aNodeThatDoesNotReportIsNotFound() {
    assertThat(directory.find("node-5")).isEmpty();
    assertThat(directory.isLocal("query-node")).isTrue();
  }

  private static ShardException.Reason reason(ShardService shards, CountRequest request) {
    ShardException failure =
        catchThrowableOfType(ShardException.class, () -> shards.count(request));
    return failure.reason();
  }
}
