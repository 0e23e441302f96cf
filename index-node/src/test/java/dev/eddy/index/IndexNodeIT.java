package dev.eddy.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.index.host.FakeClusterView;
import dev.eddy.index.host.ShardEvents;
import dev.eddy.index.rpc.RpcSettings;
import dev.eddy.kafka.client.ClientPresets;
import dev.eddy.kafka.log.KafkaPointLogTailer;
import dev.eddy.kafka.log.KafkaPointLogWriter;
import dev.eddy.kafka.log.LogPartition;
import dev.eddy.kafka.log.PointLogTailer;
import dev.eddy.kafka.log.PointLogWriter;
import dev.eddy.kafka.log.TailerSettings;
import dev.eddy.kafka.log.WriterSettings;
import dev.eddy.kafka.topic.TopicAdmin;
import dev.eddy.kafka.topic.TopicCatalogue;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.NodeReport.ShardReport;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.query.SearchParams;
import dev.eddy.model.shard.ShardException;
import dev.eddy.model.shard.ShardException.Reason;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.shard.ShardService;
import dev.eddy.model.shard.ShardService.AwaitRequest;
import dev.eddy.model.shard.ShardService.Bounds;
import dev.eddy.model.shard.ShardService.CountRequest;
import dev.eddy.model.shard.ShardService.FetchRequest;
import dev.eddy.model.shard.ShardService.Hit;
import dev.eddy.model.shard.ShardService.SearchRequest;
import dev.eddy.model.shard.ShardService.SearchResponse;
import dev.eddy.model.shard.ShardService.ShardQuery;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import dev.eddy.model.update.Verdict;
import dev.eddy.proto.log.LogRecordCodec;
import dev.eddy.proto.rpc.InternalErrors;
import dev.eddy.proto.shard.ShardMessages;
import dev.eddy.proto.shard.ShardsGrpc;
import dev.eddy.testkit.Await;
import dev.eddy.testkit.TestBroker;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IndexNodeIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Bounds ANY = new Bounds(0, LONG);

  @TempDir Path data;

  private final ClientPresets presets = TestBroker.shared().freshCluster();
  private final TopicCatalogue catalogue = new TopicCatalogue(presets.cluster());
  private final TopicAdmin topics = new TopicAdmin(presets, catalogue);
  private final PointLogWriter writer = new KafkaPointLogWriter(presets, WriterSettings.DEFAULT);
  private final FakeClusterView view = new FakeClusterView();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private PrometheusRegistry registry = new PrometheusRegistry();
  private IndexNode node;

  @BeforeEach
  void startNode() {
    node = start(data.resolve("node"));
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
    writer.close();
    topics.close();
  }

  @Test
  void whatIsWrittenIsFoundInThisJvmAndOverTheWire() {
    LogPartition log = newLog("things");
    ShardId id = place("things", log);
    long last = write(log, new Update.Upsert(List.of(point(1, 1), point(2, 2), point(3, 3))));
    long missing =
        write(
            log,
            new Update.SetPayload(
                new PointSelection.Ids(List.of(PointId.of(99))),
                new Payload("{\"a\":1}".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                null));

    var awaited =
        node.shardService().awaitApplied(new AwaitRequest(id, List.of(last, missing), LONG));

    assertThat(awaited.position()).isGreaterThan(missing);
    assertThat(awaited.verdicts().get(last)).isEqualTo(Verdict.Applied.APPLIED);
    assertThat(awaited.verdicts().get(missing)).isInstanceOf(Verdict.Rejected.class);
    SearchRequest request = nearest(id, missing + 1, false);
    SearchResponse here = node.shardService().search(request);
    assertThat(here.hits().getFirst())
        .extracting(Hit::id)
        .containsExactly(PointId.of(3), PointId.of(2));
    ShardsGrpc.ShardsBlockingStub wire = stub();
    SearchResponse there = ShardMessages.search(wire.search(ShardMessages.search(request)));
    assertThat(there).isEqualTo(here);
    assertThat(
            ShardMessages.count(
                    wire.count(ShardMessages.count(new CountRequest(id, ANY, null, true))))
                .count())
        .isEqualTo(3);
  }

  @Test
  void theNumbersOfAShardAreThereWhileItIsHosted() {
    LogPartition log = newLog("numbers");
    Generation generation = view.place("numbers", id(0), List.of(log), node.nodeId());
    long last = write(log, new Update.Upsert(List.of(point(1, 1))));
    node.shardService().awaitApplied(new AwaitRequest(generation.shard(0), List.of(last), LONG));

    assertThat(number("eddy_index_applied_position")).containsExactly(last + 1.0);
    assertThat(number("eddy_index_lag_records")).containsExactly(0.0);

    view.drop(generation);
    Await.until("no numbers left", () -> number("eddy_index_applied_position").isEmpty());
  }

  @Test
  void theSecondTripSeesWhatTheFirstSaw() {
    LogPartition log = newLog("trips");
    ShardId id = place("trips", log);
    long last = write(log, new Update.Upsert(List.of(point(1, 1), point(2, 2))));
    ShardService service = node.shardService();
    SearchResponse found = service.search(nearest(id, last + 1, true));
    assertThat(found.leaseId()).isNotZero();
    Hit best = found.hits().getFirst().getFirst();
    long deleted = write(log, new Update.Delete(new PointSelection.Ids(List.of(PointId.of(2)))));
    service.awaitApplied(new AwaitRequest(id, List.of(deleted), LONG));

    FetchRequest fetch =
        new FetchRequest(
            id,
            found.leaseId(),
            List.of(best.id()),
            List.of(best.version()),
            PayloadSelector.of(true),
            VectorSelector.of(true),
            false);
    assertThat(service.fetch(fetch)).extracting(StoredPoint::id).containsExactly(PointId.of(2));
    assertThatThrownBy(() -> service.fetch(fetch))
        .isInstanceOf(ShardException.class)
        .extracting(e -> ((ShardException) e).reason())
        .isEqualTo(Reason.LEASE_LOST);
    assertThat(service.count(new CountRequest(id, ANY, null, true)).count()).isEqualTo(1);
  }

  @Test
  void refusalsKeepTheirReasonOverTheWire() {
    LogPartition log = newLog("floors");
    ShardId id = place("floors", log);
    ShardsGrpc.ShardsBlockingStub wire = stub();
    CountRequest stale = new CountRequest(id, new Bounds(1_000, Duration.ofMillis(50)), null, true);
    CountRequest unknown = new CountRequest(new ShardId(new UUID(1, 1), 1, 0), ANY, null, true);

    assertThat(reasonOf(wire, stale)).isEqualTo(Reason.STALE);
    assertThat(reasonOf(wire, unknown)).isEqualTo(Reason.NOT_HOSTED);
  }

  @Test
  void aKilledNodesFolderOpensToTheSameContent() throws IOException {
    LogPartition log = newLog("crash");
    ShardId id = place("crash", log);
    long last = 0;
    for (int i = 0; i < 50; i++) {
      last = write(log, new Update.Upsert(List.of(point(i, i), point(i + 7, i * 2))));
    }
    node.shardService().awaitApplied(new AwaitRequest(id, List.of(last), LONG));
    String hash = onlyReport(node).contentHash();
    assertThat(hash).isNotEmpty();
    Path copy = data.resolve("copy");
    copyFolder(data.resolve("node"), copy);

    IndexNode revived = start(copy);

    assertThat(revived.nodeId()).isEqualTo(node.nodeId());
    revived.shardService().awaitApplied(new AwaitRequest(id, List.of(last), LONG));
    assertThat(onlyReport(revived).position()).isEqualTo(onlyReport(node).position());
    assertThat(onlyReport(revived).contentHash()).isEqualTo(hash);
  }

  @Test
  void anOrderlyRestartServesTheCheckpointAndGoesOn() throws Exception {
    LogPartition log = newLog("restart");
    ShardId id = place("restart", log);
    long last = write(log, new Update.Upsert(List.of(point(1, 1), point(2, 2))));
    node.shardService().awaitApplied(new AwaitRequest(id, List.of(last), LONG));
    String hash = onlyReport(node).contentHash();
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
    opened.clear();

    node = start(data.resolve("node"));

    Await.until("serves again", () -> onlyReport(node).state().equals("SERVING"));
    assertThat(onlyReport(node).contentHash()).isEqualTo(hash);
    assertThat(node.incarnation()).isEqualTo(2);
    long next = write(log, new Update.Upsert(List.of(point(3, 3))));
    node.shardService().awaitApplied(new AwaitRequest(id, List.of(next), LONG));
    assertThat(node.shardService().count(new CountRequest(id, ANY, null, true)).count())
        .isEqualTo(3);
  }

  @Test
  void aSecondNodeOnTheSameFolderIsRefused() {
    assertThatThrownBy(() -> start(data.resolve("node")))
        .isInstanceOf(IndexNodeException.class)
        .hasMessageContaining("in use");
  }

  @Test
  void droppedCollectionsLeaveNoFolderBehind() throws IOException {
    for (int i = 0; i < 10; i++) {
      LogPartition log = newLog("cycle" + i, id(i));
      Generation generation = view.place("cycle" + i, id(i), List.of(log), node.nodeId());
      long last = write(log, new Update.Upsert(List.of(point(1, 1))));
      node.shardService().awaitApplied(new AwaitRequest(generation.shard(0), List.of(last), LONG));
      view.drop(generation);
      assertThat(topics.delete(log.topicId())).isTrue();
    }
    Await.until(
        "folders are gone",
        () -> {
          try (Stream<Path> folders = Files.list(data.resolve("node").resolve("shards"))) {
            return folders.findAny().isEmpty();
          }
        });
    assertThat(node.reports()).isEmpty();
  }

  private IndexNode start(Path folder) {
    PointLogTailer tailer = new KafkaPointLogTailer(presets, TailerSettings.of("test"));
    registry = new PrometheusRegistry();
    try {
      IndexNode started =
          IndexNode.start(
              IndexNodeSettings.local(folder, presets.cluster())
                  .listeningOn(RpcSettings.on("127.0.0.1", 0)),
              view,
              tailer,
              registry,
              ShardEvents.NONE);
      opened.add(tailer);
      opened.add(started);
      return started;
    } catch (RuntimeException e) {
      tailer.close();
      throw e;
    }
  }

  private LogPartition newLog(String name) {
    return newLog(name, id(0));
  }

  private LogPartition newLog(String name, UUID collectionId) {
    UUID topicId = topics.createLog(name, 1, 1);
    LogPartition log = new LogPartition(topicId, catalogue.log(name, 1), 0);
    write(log, new Update.Genesis(collectionId, name, 1, 0, FakeClusterView.spec(1), 1));
    return log;
  }

  private ShardId place(String name, LogPartition log) {
    ShardId shard = view.place(name, id(0), List.of(log), node.nodeId()).shard(0);
    Await.until(name + " serves", () -> onlyReport(node).state().equals("SERVING"));
    return shard;
  }

  private long write(LogPartition log, Update update) {
    return writer.append(log, LogRecordCodec.encode(update)).join();
  }

  private ShardsGrpc.ShardsBlockingStub stub() {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", node.port().orElseThrow())
            .usePlaintext()
            .build();
    opened.add(channel::shutdownNow);
    return ShardsGrpc.newBlockingStub(channel);
  }

  private List<Double> number(String name) {
    return registry.scrape(name::equals).stream()
        .flatMap(snapshot -> snapshot.getDataPoints().stream())
        .map(point -> ((GaugeDataPointSnapshot) point).getValue())
        .toList();
  }

  private static Reason reasonOf(ShardsGrpc.ShardsBlockingStub wire, CountRequest request) {
    try {
      var answer = wire.count(ShardMessages.count(request));
      throw new AssertionError("answered " + answer);
    } catch (StatusRuntimeException e) {
      return ((ShardException) InternalErrors.fromShard(e)).reason();
    }
  }

  private static ShardReport onlyReport(IndexNode of) {
    return of.reports().stream()
        .findFirst()
        .orElseGet(() -> new ShardReport(new ShardId(id(0), 1, 0), "NONE", 0, 0, 0, 0, ""));
  }

  private static SearchRequest nearest(ShardId id, long floor, boolean keepLease) {
    return new SearchRequest(
        id,
        new Bounds(floor, LONG),
        0,
        List.of(
            ShardQuery.nearest(
                Vectors.UNNAMED, new float[] {1, 0, 0, 0}, null, SearchParams.DEFAULT, 2, null)),
        PayloadSelector.of(false),
        VectorSelector.of(false),
        keepLease);
  }

  private static Point point(long id, float first) {
    return new Point(PointId.of(id), Vectors.unnamed(first, 1, 1, 1), Payload.EMPTY);
  }

  private static UUID id(int number) {
    return new UUID(9, number);
  }

  private static void copyFolder(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.sorted(Comparator.naturalOrder()).toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }
}
