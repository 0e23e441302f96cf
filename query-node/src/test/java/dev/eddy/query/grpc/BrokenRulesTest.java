package dev.eddy.query.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.eddy.model.limit.Limits;
import dev.eddy.proto.qdrant.CollectionsGrpc;
import dev.eddy.proto.qdrant.Condition;
import dev.eddy.proto.qdrant.CountPoints;
import dev.eddy.proto.qdrant.CreateCollection;
import dev.eddy.proto.qdrant.DenseVector;
import dev.eddy.proto.qdrant.Distance;
import dev.eddy.proto.qdrant.FieldCondition;
import dev.eddy.proto.qdrant.Filter;
import dev.eddy.proto.qdrant.ListCollectionsRequest;
import dev.eddy.proto.qdrant.PointId;
import dev.eddy.proto.qdrant.PointStruct;
import dev.eddy.proto.qdrant.PointsGrpc;
import dev.eddy.proto.qdrant.PrefetchQuery;
import dev.eddy.proto.qdrant.QuantizationSearchParams;
import dev.eddy.proto.qdrant.Query;
import dev.eddy.proto.qdrant.QueryBatchPoints;
import dev.eddy.proto.qdrant.QueryPoints;
import dev.eddy.proto.qdrant.Rrf;
import dev.eddy.proto.qdrant.SearchMatrixPoints;
import dev.eddy.proto.qdrant.SearchParams;
import dev.eddy.proto.qdrant.SparseVector;
import dev.eddy.proto.qdrant.UpsertPoints;
import dev.eddy.proto.qdrant.Vector;
import dev.eddy.proto.qdrant.VectorParams;
import dev.eddy.proto.qdrant.Vectors;
import dev.eddy.proto.qdrant.VectorsConfig;
import dev.eddy.proto.v1.NodeGrpc;
import dev.eddy.proto.v1.QuotaConfig;
import dev.eddy.proto.v1.SetQuotasRequest;
import dev.eddy.query.metrics.QueryMetrics;
import dev.eddy.query.world.World;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A refusal names every rule that the request breaks, and nothing was done. */
final class BrokenRulesTest {
  private final World world = new World(2);
  private final QueryMetrics metrics = new QueryMetrics(world.view, "1.19.0", List.of());
  private final GrpcEdge edge =
      GrpcEdge.start(
          new GrpcSettings("127.0.0.1", 0, Limits.DEFAULT),
          world.writes,
          world.reads,
          world.collections,
          metrics,
          world.node(metrics));
  private final ManagedChannel channel =
      NettyChannelBuilder.forAddress("127.0.0.1", edge.port()).usePlaintext().build();
  private final PointsGrpc.PointsBlockingStub points = PointsGrpc.newBlockingStub(channel);
  private final CollectionsGrpc.CollectionsBlockingStub collections =
      CollectionsGrpc.newBlockingStub(channel);

  @AfterEach
  void close() {
    channel.shutdownNow();
    edge.close();
  }

  private static void assertBroken(Runnable call, String... rules) {
    StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, call::run);
    assertThat(failure.getStatus().getDescription())
        .isEqualTo("Validation error in body: [" + String.join("; ", rules) + "]");
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  private static Filter emptyCondition() {
    return Filter.newBuilder()
        .addMust(Condition.newBuilder().setField(FieldCondition.newBuilder().setKey("a")))
        .build();
  }

  @Test
  void ofAQuery() {
    QueryPoints query =
        QueryPoints.newBuilder()
            .setCollectionName("c")
            .setFilter(emptyCondition())
            .setParams(
                SearchParams.newBuilder()
                    .setHnswEf(0)
                    .setQuantization(QuantizationSearchParams.newBuilder().setOversampling(0.5)))
            .setLimit(0)
            .setTimeout(0)
            .build();
    String[] rules = {
      "filter.must[0].field: At least one field condition must be specified",
      "params.quantization.oversampling: value 0.5 invalid, must be 1.0 or larger",
      "params.hnsw_ef: value 0 invalid, must be 1 or larger",
      "limit: value 0 invalid, must be 1 or larger",
      "timeout: value 0 invalid, must be 1 or larger"
    };
    assertBroken(() -> points.query(query), rules);
    assertBroken(
        () ->
            points.queryBatch(
                QueryBatchPoints.newBuilder()
                    .setCollectionName("c")
                    .addQueryPoints(query)
                    .addQueryPoints(query)
                    .build()),
        rules[0],
        rules[1],
        rules[2],
        rules[3],
        rules[0],
        rules[1],
        rules[2],
        rules[3]);
  }

  @Test
  void ofTheQuerysOwnValues() {
    assertBroken(
        () ->
            points.query(
                QueryPoints.newBuilder()
                    .setCollectionName("c")
                    .addPrefetch(
                        PrefetchQuery.newBuilder()
                            .setQuery(Query.newBuilder().setRrf(Rrf.newBuilder().setK(0)))
                            .setLimit(0))
                    .setQuery(Query.newBuilder().setRrf(Rrf.newBuilder().setK(0)))
                    .build()),
        "prefetch[0].query.rrf.k: value 0 invalid, must be 1 or larger",
        "prefetch[0].limit: value 0 invalid, must be 1 or larger",
        "query.rrf.k: value 0 invalid, must be 1 or larger");
  }

  @Test
  void ofReadsThatHaveNothingElse() {
    assertBroken(
        () ->
            points.count(
                CountPoints.newBuilder()
                    .setCollectionName("c")
                    .setFilter(emptyCondition())
                    .setTimeout(0)
                    .build()),
        "filter.must[0].field: At least one field condition must be specified",
        "timeout: value 0 invalid, must be 1 or larger");
    assertBroken(
        () ->
            points.searchMatrixPairs(
                SearchMatrixPoints.newBuilder()
                    .setCollectionName("c")
                    .setSample(1)
                    .setLimit(0)
                    .build()),
        "sample: value 1 invalid, must be 2 or larger",
        "limit: value 0 invalid, must be 1 or larger");
  }

  @Test
  void ofPoints() {
    UpsertPoints.Builder upsert = UpsertPoints.newBuilder().setCollectionName("c");
    upsert.addPoints(point(1, Vector.newBuilder().setDense(DenseVector.getDefaultInstance())));
    upsert.addPoints(point(2, Vector.newBuilder().setDense(DenseVector.newBuilder().addData(1))));
    upsert.addPoints(
        point(
            3,
            Vector.newBuilder()
                .setSparse(
                    SparseVector.newBuilder()
                        .addAllIndices(List.of(7, 7))
                        .addAllValues(List.of(1f, 2f)))));
    assertBroken(
        () -> points.upsert(upsert.build()),
        "points[0].vectors.vector: dense vector must not be empty",
        "points[2].vectors.vector.indices: Validation error: must be unique [{}]");
  }

  private static PointStruct point(long id, Vector.Builder vector) {
    return PointStruct.newBuilder()
        .setId(PointId.newBuilder().setNum(id))
        .setVectors(Vectors.newBuilder().setVector(vector))
        .build();
  }

  @Test
  void ofACollection() {
    assertBroken(
        () ->
            collections.create(
                CreateCollection.newBuilder()
                    .setCollectionName("new")
                    .setShardNumber(0)
                    .setReplicationFactor(0)
                    .setVectorsConfig(
                        VectorsConfig.newBuilder()
                            .setParams(
                                VectorParams.newBuilder().setDistance(Distance.Dot).setSize(0)))
                    .build()),
        "vectors_config.params.size: value 0 invalid, must be from 1 to 65536",
        "shard_number: value 0 invalid, must be 1 or larger",
        "replication_factor: value 0 invalid, must be 1 or larger");
    assertThat(collections.list(ListCollectionsRequest.getDefaultInstance()).getCollectionsList())
        .isEmpty();
  }

  @Test
  void ofQuotas() {
    assertBroken(
        () ->
            NodeGrpc.newBlockingStub(channel)
                .setQuotas(
                    SetQuotasRequest.newBuilder()
                        .setConfig(
                            QuotaConfig.newBuilder()
                                .setEnabled(true)
                                .setMaxResidentMemoryPercent(0)
                                .setMaxDiskUsagePercent(101))
                        .build()),
        "max_resident_memory_percent: value 0 invalid, must be from 1 to 100",
        "max_disk_usage_percent: value 101 invalid, must be from 1 to 100");
  }

  @Test
  void theyWinOverWhatIsNotBuiltAndWhatMakesNoSense() {
    assertBroken(
        () ->
            points.query(
                QueryPoints.newBuilder()
                    .setCollectionName("c")
                    .setFilter(
                        Filter.newBuilder()
                            .addMust(emptyCondition().getMust(0))
                            .addMust(Condition.getDefaultInstance()))
                    .build()),
        "filter.must[0].field: At least one field condition must be specified");
  }
}
