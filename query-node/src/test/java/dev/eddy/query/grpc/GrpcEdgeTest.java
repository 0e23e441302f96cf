package dev.eddy.query.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.PeerId;
import dev.eddy.model.limit.Limit;
import dev.eddy.model.limit.Limits;
import dev.eddy.model.query.ReadToken;
import dev.eddy.proto.qdrant.AliasOperations;
import dev.eddy.proto.qdrant.ChangeAliases;
import dev.eddy.proto.qdrant.CollectionExistsRequest;
import dev.eddy.proto.qdrant.CollectionStatus;
import dev.eddy.proto.qdrant.CollectionsGrpc;
import dev.eddy.proto.qdrant.CountPoints;
import dev.eddy.proto.qdrant.CreateAlias;
import dev.eddy.proto.qdrant.CreateCollection;
import dev.eddy.proto.qdrant.CreateSnapshotRequest;
import dev.eddy.proto.qdrant.DeleteCollection;
import dev.eddy.proto.qdrant.DeletePoints;
import dev.eddy.proto.qdrant.DenseVector;
import dev.eddy.proto.qdrant.Distance;
import dev.eddy.proto.qdrant.GetCollectionInfoRequest;
import dev.eddy.proto.qdrant.GetPoints;
import dev.eddy.proto.qdrant.HealthCheckRequest;
import dev.eddy.proto.qdrant.ListCollectionsRequest;
import dev.eddy.proto.qdrant.PointId;
import dev.eddy.proto.qdrant.PointStruct;
import dev.eddy.proto.qdrant.PointVectors;
import dev.eddy.proto.qdrant.PointsGrpc;
import dev.eddy.proto.qdrant.PointsIdsList;
import dev.eddy.proto.qdrant.PointsSelector;
import dev.eddy.proto.qdrant.PointsUpdateOperation;
import dev.eddy.proto.qdrant.QdrantGrpc;
import dev.eddy.proto.qdrant.Query;
import dev.eddy.proto.qdrant.QueryBatchPoints;
import dev.eddy.proto.qdrant.QueryPoints;
import dev.eddy.proto.qdrant.ScoredPoint;
import dev.eddy.proto.qdrant.ScrollPoints;
import dev.eddy.proto.qdrant.ScrollResponse;
import dev.eddy.proto.qdrant.SearchPoints;
import dev.eddy.proto.qdrant.SetPayloadPoints;
import dev.eddy.proto.qdrant.ShardKeySelector;
import dev.eddy.proto.qdrant.SnapshotsGrpc;
import dev.eddy.proto.qdrant.UpdateBatchPoints;
import dev.eddy.proto.qdrant.UpdatePointVectors;
import dev.eddy.proto.qdrant.UpdateStatus;
import dev.eddy.proto.qdrant.UpsertPoints;
import dev.eddy.proto.qdrant.Value;
import dev.eddy.proto.qdrant.Vector;
import dev.eddy.proto.qdrant.VectorInput;
import dev.eddy.proto.qdrant.VectorParams;
import dev.eddy.proto.qdrant.Vectors;
import dev.eddy.proto.qdrant.VectorsConfig;
import dev.eddy.proto.qdrant.WithPayloadSelector;
import dev.eddy.proto.v1.GetQuotasRequest;
import dev.eddy.proto.v1.NodeGrpc;
import dev.eddy.proto.v1.PeerQuotaUsage;
import dev.eddy.query.metrics.QueryMetrics;
import dev.eddy.query.world.World;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Codec;
import io.grpc.Decompressor;
import io.grpc.DecompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation") // The older search is part of the contract.
class GrpcEdgeTest {
  private final World world = new World(2);
  private final QueryMetrics metrics = new QueryMetrics(world.view, "1.19.0", List.of());
  private final GrpcEdge edge =
      GrpcEdge.start(
          new GrpcSettings(
              "127.0.0.1",
              0,
              Limits.DEFAULT.with(Limit.GRPC_MESSAGE, 1 << 20).with(Limit.GRPC_MESSAGES, 1 << 20)),
          world.writes,
          world.reads,
          world.collections,
          metrics,
          world.node(metrics));
  private final ManagedChannel channel =
      NettyChannelBuilder.forAddress("127.0.0.1", edge.port()).usePlaintext().build();
  private final AtomicReference<Metadata> headers = new AtomicReference<>(new Metadata());
  private final AtomicReference<Metadata> trailers = new AtomicReference<>(new Metadata());
  private final PointsGrpc.PointsBlockingStub points =
      PointsGrpc.newBlockingStub(channel)
          .withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));
  private final CollectionsGrpc.CollectionsBlockingStub collections =
      CollectionsGrpc.newBlockingStub(channel);

  @BeforeEach
  void create() {
    var created =
        collections.create(
            CreateCollection.newBuilder()
                .setCollectionName("c")
                .setShardNumber(2)
                .setVectorsConfig(
                    VectorsConfig.newBuilder()
                        .setParams(VectorParams.newBuilder().setSize(2).setDistance(Distance.Dot)))
                .build());
    assertThat(created.getResult()).isTrue();
  }

  @AfterEach
  void close() {
    channel.shutdownNow();
    edge.close();
    world.close();
  }

  @Test
  void itSaysWhoItIs() {
    var reply =
        QdrantGrpc.newBlockingStub(channel).healthCheck(HealthCheckRequest.getDefaultInstance());
    assertThat(reply.getTitle()).isEqualTo("qdrant - vector search engine");
    assertThat(reply.getVersion()).isEqualTo("1.19.0");
    assertThat(reply.getCommit()).matches("[0-9a-f]{40}");
    assertThat(
            HealthGrpc.newBlockingStub(channel)
                .check(io.grpc.health.v1.HealthCheckRequest.getDefaultInstance())
                .getStatus())
        .isEqualTo(ServingStatus.SERVING);
  }

  @Test
  void reflectionListsTheServices() throws Exception {
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> asked =
        ServerReflectionGrpc.newStub(channel)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    answer.complete(response);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    answer.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {}
                });
    asked.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    assertThat(answer.get().getListServicesResponse().getServiceList())
        .extracting(service -> service.getName())
        .contains("qdrant.Points", "qdrant.Collections", "qdrant.Snapshots", "qdrant.Qdrant");
    asked.onCompleted();
  }

  @Test
  void pointsComeBackAsTheyWereWritten() {
    var written = upsert(true, point(1, 1, 2), point(2, 3, 4));
    assertThat(written.getResult().getStatus()).isEqualTo(UpdateStatus.Completed);
    assertThat(written.getTime()).isPositive();
    var got =
        points.get(
            GetPoints.newBuilder()
                .setCollectionName("c")
                .addIds(id(2))
                .addIds(id(1))
                .addIds(id(9))
                .setWithPayload(WithPayloadSelector.newBuilder().setEnable(true))
                .build());
    assertThat(got.getResultList())
        .extracting(point -> point.getId().getNum())
        .containsExactly(2L, 1L);
    assertThat(got.getResult(0).getPayloadMap())
        .containsEntry("n", Value.newBuilder().setIntegerValue(2).build());
    assertThat(header(CallScope.POSITIONS)).isNotEmpty();
    assertThat(header(CallScope.SHARDS)).matches("[12]/[12]");
    var page = points.scroll(ScrollPoints.newBuilder().setCollectionName("c").setLimit(1).build());
    assertThat(page.getResultList())
        .extracting(point -> point.getId().getNum())
        .containsExactly(1L);
    assertThat(page.getNextPageOffset().getNum()).isEqualTo(2);
    assertThat(count()).isEqualTo(2);
  }

  @Test
  void queriesOfBothFormsAgree() {
    upsert(true, point(1, 1, 0), point(2, 2, 0), point(3, 3, 0));
    QueryPoints query =
        QueryPoints.newBuilder()
            .setCollectionName("c")
            .setQuery(
                Query.newBuilder()
                    .setNearest(
                        VectorInput.newBuilder()
                            .setDense(DenseVector.newBuilder().addData(1).addData(0))))
            .setLimit(2)
            .build();
    assertThat(ids(points.query(query).getResultList())).containsExactly(3L, 2L);
    assertThat(
            ids(
                points
                    .search(
                        SearchPoints.newBuilder()
                            .setCollectionName("c")
                            .addVector(1)
                            .addVector(0)
                            .setLimit(2)
                            .build())
                    .getResultList()))
        .containsExactly(3L, 2L);
    QueryPoints byId =
        query.toBuilder()
            .setQuery(Query.newBuilder().setNearest(VectorInput.newBuilder().setId(id(3))))
            .build();
    var batch =
        points.queryBatch(
            QueryBatchPoints.newBuilder()
                .setCollectionName("c")
                .addQueryPoints(query)
                .addQueryPoints(byId)
                .build());
    assertThat(ids(batch.getResult(0).getResultList())).containsExactly(3L, 2L);
    assertThat(ids(batch.getResult(1).getResultList())).containsExactly(2L, 1L);
  }

  @Test
  void aBatchOfOperationsStopsAtItsFailure() {
    upsert(true, point(1, 1, 0));
    PointsUpdateOperation delete =
        PointsUpdateOperation.newBuilder()
            .setDeletePoints(PointsUpdateOperation.DeletePoints.newBuilder().setPoints(selector(1)))
            .build();
    PointsUpdateOperation clear =
        PointsUpdateOperation.newBuilder()
            .setClearPayload(PointsUpdateOperation.ClearPayload.newBuilder().setPoints(selector(1)))
            .build();
    UpdateBatchPoints batch =
        UpdateBatchPoints.newBuilder()
            .setCollectionName("c")
            .setWait(true)
            .addOperations(delete)
            .addOperations(clear)
            .build();
    StatusRuntimeException failure = failure(() -> points.updateBatch(batch));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(failure.getStatus().getDescription())
        .isEqualTo("Not found: No point with id 1 found");
    assertThat(count()).isZero();
    assertThat(points.updateBatch(batch.toBuilder().removeOperations(1).build()).getResultList())
        .hasSize(1);
  }

  @Test
  void everyWriteHasItsEffect() {
    upsert(true, point(1, 1, 0), point(2, 2, 0));
    points.setPayload(
        SetPayloadPoints.newBuilder()
            .setCollectionName("c")
            .setWait(true)
            .putPayload("a", Value.newBuilder().setBoolValue(true).build())
            .setPointsSelector(selector(1))
            .build());
    points.updateVectors(
        UpdatePointVectors.newBuilder()
            .setCollectionName("c")
            .setWait(true)
            .addPoints(PointVectors.newBuilder().setId(id(1)).setVectors(vectors(9, 9)))
            .build());
    points.delete(
        DeletePoints.newBuilder()
            .setCollectionName("c")
            .setWait(true)
            .setPoints(selector(2))
            .build());
    var left =
        points.scroll(ScrollPoints.newBuilder().setCollectionName("c").build()).getResultList();
    assertThat(left).hasSize(1);
    assertThat(left.getFirst().getPayloadMap()).containsKeys("n", "a");
  }

  @Test
  void aTokenTravelsInMetadata() {
    upsert(false, point(1, 1, 0));
    String token = Objects.requireNonNull(header(CallScope.TOKEN));
    assertThat(ReadToken.decode(token).offsets()).hasSize(1);
    Metadata metadata = new Metadata();
    metadata.put(CallScope.TOKEN, token);
    assertThat(
            points
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                .count(CountPoints.newBuilder().setCollectionName("c").build())
                .getResult()
                .getCount())
        .isEqualTo(1);
    collections.delete(DeleteCollection.newBuilder().setCollectionName("c").build());
    create();
    StatusRuntimeException failure =
        failure(() ->
            points
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                .count(CountPoints.newBuilder().setCollectionName("c").build()));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(failure.getStatus().getDescription()).contains("token of another generation");
  }

  @Test
  void quotasTellOfEveryNodeThatIsHeldToThem() {
    NodeGrpc.NodeBlockingStub node = NodeGrpc.newBlockingStub(channel);
    GetQuotasRequest request = GetQuotasRequest.getDefaultInstance();
    assertThat(node.getQuotas(request).getResult().getPeersMap()).isEmpty();
    world.view.reports(
        List.of(
            new NodeReport(
                "other",
                1,
                Set.of(NodeReport.Role.QUERY),
                null,
                null,
                0,
                List.of(),
                null,
                new NodeReport.QuotaReport(true, 91, null),
                null)));
    assertThat(node.getQuotas(request).getResult().getPeersMap())
        .hasSize(2)
        .containsEntry(
            PeerId.of("other"),
            PeerQuotaUsage.newBuilder().setExceeded(true).setResidentMemoryPercent(91).build());
  }

  @Test
  void failuresHaveTheContractsCodesAndTexts() {
    StatusRuntimeException dimension =
        failure(() ->
            points.upsert(
                UpsertPoints.newBuilder()
                    .setCollectionName("c")
                    .addPoints(PointStruct.newBuilder().setId(id(1)).setVectors(vectors(1, 2, 3)))
                    .build()));
    assertThat(dimension.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(dimension.getStatus().getDescription())
        .isEqualTo("Wrong input: Vector dimension error: expected dim: 2, got 3");
    StatusRuntimeException nan =
        failure(() ->
            points.upsert(
                UpsertPoints.newBuilder()
                    .setCollectionName("c")
                    .addPoints(
                        PointStruct.newBuilder().setId(id(1)).setVectors(vectors(1, Float.NaN)))
                    .build()));
    assertThat(nan.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(nan.getStatus().getDescription()).startsWith("Validation error in body: [");
    StatusRuntimeException missing =
        failure(() -> points.count(CountPoints.newBuilder().setCollectionName("ä").build()));
    assertThat(missing.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(missing.getStatus().getDescription())
        .isEqualTo("Not found: Collection `ä` doesn't exist!");
    StatusRuntimeException exists = failure(this::create);
    assertThat(exists.getStatus().getCode()).isEqualTo(Status.Code.ALREADY_EXISTS);
    StatusRuntimeException unset =
        failure(() ->
            points.query(
                QueryPoints.newBuilder()
                    .setCollectionName("c")
                    .setQuery(Query.getDefaultInstance())
                    .build()));
    assertThat(unset.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void whatIsNotBuiltIsRefusedByName() {
    StatusRuntimeException snapshot =
        failure(() ->
            SnapshotsGrpc.newBlockingStub(channel)
                .create(CreateSnapshotRequest.getDefaultInstance()));
    assertThat(snapshot.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    assertThat(snapshot.getStatus().getDescription()).contains("qdrant.Snapshots/Create");
    StatusRuntimeException shardKey =
        failure(() ->
            points.query(
                QueryPoints.newBuilder()
                    .setCollectionName("c")
                    .setShardKeySelector(ShardKeySelector.getDefaultInstance())
                    .build()));
    assertThat(shardKey.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    assertThat(shardKey.getStatus().getDescription()).contains("shard_key_selector");
  }

  @Test
  void collectionsAreListedShownAndDeleted() {
    collections.updateAliases(
        ChangeAliases.newBuilder()
            .addActions(
                AliasOperations.newBuilder()
                    .setCreateAlias(
                        CreateAlias.newBuilder().setCollectionName("c").setAliasName("a")))
            .build());
    assertThat(
            collections
                .collectionExists(
                    CollectionExistsRequest.newBuilder().setCollectionName("a").build())
                .getResult()
                .getExists())
        .isTrue();
    var info =
        collections
            .get(GetCollectionInfoRequest.newBuilder().setCollectionName("a").build())
            .getResult();
    assertThat(info.getStatus()).isEqualTo(CollectionStatus.Green);
    assertThat(info.getOptimizerStatus().getOk()).isTrue();
    assertThat(info.getConfig().getParams().getShardNumber()).isEqualTo(2);
    assertThat(info.getSegmentsCount()).isPositive();
    assertThat(collections.list(ListCollectionsRequest.getDefaultInstance()).getCollectionsList())
        .extracting(each -> each.getName())
        .containsExactly("c");
    DeleteCollection delete = DeleteCollection.newBuilder().setCollectionName("c").build();
    assertThat(collections.delete(delete).getResult()).isTrue();
    assertThat(collections.delete(delete).getResult()).isFalse();
  }

  @Test
  void aMessageAboveTheLimitIsRefusedAndLeavesNothingBehind() {
    UpsertPoints.Builder large = UpsertPoints.newBuilder().setCollectionName("c");
    large.addPoints(point(1, new float[300_000]));
    assertThat(failure(() -> points.upsert(large.build())).getStatus().getCode())
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    UpsertPoints.Builder half = UpsertPoints.newBuilder().setCollectionName("c");
    half.addPoints(point(1, new float[200_000]));
    for (int i = 0; i < 3; i++) {
      // Each is more than half of what may be in flight, and let go of.
      assertThat(failure(() -> points.upsert(half.build())).getStatus().getCode())
          .isIn(Status.Code.INVALID_ARGUMENT, Status.Code.RESOURCE_EXHAUSTED);
    }
    Status.Code last = Status.Code.RESOURCE_EXHAUSTED;
    while (last == Status.Code.RESOURCE_EXHAUSTED) {
      last = failure(() -> points.upsert(half.build())).getStatus().getCode();
    }
    assertThat(last).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void largeAnswersAreCompressedForClientsThatAcceptIt() {
    Value text = Value.newBuilder().setStringValue("word ".repeat(20)).build();
    for (long id = 1; id <= 100; id++) {
      upsert(true, point(id, id, 0).toBuilder().putPayload("text", text).build());
    }
    AtomicInteger unzipped = new AtomicInteger();
    Codec.Gzip gzip = new Codec.Gzip();
    Decompressor counting =
        new Decompressor() {
          @Override
          public String getMessageEncoding() {
            return gzip.getMessageEncoding();
          }

          @Override
          public InputStream decompress(InputStream in) throws IOException {
            unzipped.incrementAndGet();
            return gzip.decompress(in);
          }
        };
    ScrollPoints all = ScrollPoints.newBuilder().setCollectionName("c").setLimit(100).build();
    assertThat(unzipping(counting, true, all)).isEqualTo(100);
    assertThat(unzipped.get()).isEqualTo(1);
    assertThat(unzipping(counting, true, all.toBuilder().setLimit(1).build())).isEqualTo(1);
    assertThat(unzipped.get()).as("a small one is as it is").isEqualTo(1);
    assertThat(unzipping(counting, false, all)).isEqualTo(100);
    assertThat(unzipped.get()).as("and so is one for who doesn't accept it").isEqualTo(1);
  }

  /** The points that a client gets that can unzip, and says so or not. */
  private int unzipping(Decompressor gzip, boolean isSaid, ScrollPoints page) {
    ManagedChannel own =
        NettyChannelBuilder.forAddress("127.0.0.1", edge.port())
            .usePlaintext()
            .decompressorRegistry(
                DecompressorRegistry.emptyInstance()
                    .with(Codec.Identity.NONE, false)
                    .with(gzip, isSaid))
            .build();
    try {
      return PointsGrpc.newBlockingStub(own).scroll(page).getResultCount();
    } finally {
      own.shutdownNow();
    }
  }

  @Test
  void anAnswerThatIsNotTakenIsHeldAgainstTheLimitUntilItsClientGoes() {
    Random random = new Random(7);
    byte[] noise = new byte[400_000];
    for (long id = 1; id <= 2; id++) {
      random.nextBytes(noise);
      Value text = Value.newBuilder().setStringValue(HexFormat.of().formatHex(noise)).build();
      upsert(true, point(id, id, 0).toBuilder().putPayload("text", text).build());
    }
    ManagedChannel slow =
        NettyChannelBuilder.forAddress("127.0.0.1", edge.port())
            .usePlaintext()
            .flowControlWindow(64 << 10)
            .build();
    ClientCall<ScrollPoints, ScrollResponse> call =
        slow.newCall(PointsGrpc.getScrollMethod(), CallOptions.DEFAULT);
    call.start(new ClientCall.Listener<>() {}, new Metadata());
    call.sendMessage(ScrollPoints.newBuilder().setCollectionName("c").build());
    call.halfClose();
    Status refused = Status.OK;
    while (!String.valueOf(refused.getDescription()).contains("bytes of messages")) {
      refused = statusOfCount();
    }
    assertThat(refused.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    slow.shutdownNow();
    while (!refused.isOk()) {
      refused = statusOfCount();
    }
  }

  private Status statusOfCount() {
    try {
      count();
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  @Test
  void callsAreCounted() {
    upsert(true, point(1, 1, 0));
    assertThat(metrics.exposition(true, false).lines())
        .contains(
            "grpc_responses_total{collection=\"c\",endpoint=\"/qdrant.Points/Upsert\",status=\"0\"} 1.0");
  }

  private dev.eddy.proto.qdrant.PointsOperationResponse upsert(
      boolean wait, PointStruct... structs) {
    return points.upsert(
        UpsertPoints.newBuilder()
            .setCollectionName("c")
            .setWait(wait)
            .addAllPoints(List.of(structs))
            .build());
  }

  private long count() {
    return points
        .count(CountPoints.newBuilder().setCollectionName("c").build())
        .getResult()
        .getCount();
  }

  private @Nullable String header(Metadata.Key<String> key) {
    return Objects.requireNonNull(headers.get()).get(key);
  }

  private static List<Long> ids(List<ScoredPoint> hits) {
    return hits.stream().map(hit -> hit.getId().getNum()).toList();
  }

  private static PointId id(long number) {
    return PointId.newBuilder().setNum(number).build();
  }

  private static PointsSelector selector(long number) {
    return PointsSelector.newBuilder()
        .setPoints(PointsIdsList.newBuilder().addIds(id(number)))
        .build();
  }

  private static PointStruct point(long number, float... values) {
    return PointStruct.newBuilder()
        .setId(id(number))
        .setVectors(vectors(values))
        .putPayload("n", Value.newBuilder().setIntegerValue(number).build())
        .build();
  }

  private static Vectors vectors(float... values) {
    DenseVector.Builder dense = DenseVector.newBuilder();
    for (float value : values) {
      dense.addData(value);
    }
    return Vectors.newBuilder().setVector(Vector.newBuilder().setDense(dense)).build();
  }

  private static StatusRuntimeException failure(Runnable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call::run);
  }
}
