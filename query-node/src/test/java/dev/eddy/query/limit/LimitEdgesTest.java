package dev.eddy.query.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.eddy.model.limit.Limit;
import dev.eddy.model.limit.Limits;
import dev.eddy.proto.qdrant.Condition;
import dev.eddy.proto.qdrant.CountPoints;
import dev.eddy.proto.qdrant.DeletePoints;
import dev.eddy.proto.qdrant.DenseVector;
import dev.eddy.proto.qdrant.Filter;
import dev.eddy.proto.qdrant.Fusion;
import dev.eddy.proto.qdrant.HasIdCondition;
import dev.eddy.proto.qdrant.ListValue;
import dev.eddy.proto.qdrant.PointId;
import dev.eddy.proto.qdrant.PointStruct;
import dev.eddy.proto.qdrant.PointsGrpc;
import dev.eddy.proto.qdrant.PointsIdsList;
import dev.eddy.proto.qdrant.PointsSelector;
import dev.eddy.proto.qdrant.PointsUpdateOperation;
import dev.eddy.proto.qdrant.PrefetchQuery;
import dev.eddy.proto.qdrant.Query;
import dev.eddy.proto.qdrant.QueryBatchPoints;
import dev.eddy.proto.qdrant.QueryPoints;
import dev.eddy.proto.qdrant.RecommendInput;
import dev.eddy.proto.qdrant.SearchMatrixPoints;
import dev.eddy.proto.qdrant.SetPayloadPoints;
import dev.eddy.proto.qdrant.UpdateBatchPoints;
import dev.eddy.proto.qdrant.UpsertPoints;
import dev.eddy.proto.qdrant.Value;
import dev.eddy.proto.qdrant.Vector;
import dev.eddy.proto.qdrant.VectorInput;
import dev.eddy.proto.qdrant.Vectors;
import dev.eddy.query.grpc.GrpcEdge;
import dev.eddy.query.grpc.GrpcSettings;
import dev.eddy.query.rest.RestEdge;
import dev.eddy.query.rest.RestSettings;
import dev.eddy.query.world.FakeServices;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is exactly at a limit passes, one more is refused with limit and value, counted, and changes
 * nothing: over both transports.
 */
class LimitEdgesTest {
  private static final String POINTS = "/collections/words/points";

  private final FakeServices services = new FakeServices();

  /** A limit at a small value, and how to ask for n of what it bounds. */
  private record Case(
      String name,
      Limit limit,
      int max,
      String method,
      String path,
      IntFunction<String> json,
      BiConsumer<PointsGrpc.PointsBlockingStub, Integer> call,
      String text) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case(
            "queries of a batch",
            Limit.BATCH,
            3,
            "POST",
            POINTS + "/query/batch",
            n -> "{\"searches\":[" + repeated("{}", n) + "]}",
            (stub, n) ->
                stub.queryBatch(
                    QueryBatchPoints.newBuilder()
                        .setCollectionName("words")
                        .addAllQueryPoints(Collections.nCopies(n, query().build()))
                        .build()),
            "searches: value of 4 queries and prefetches invalid, must be at most 3 (limit batch)"),
        new Case(
            "operations of a batch",
            Limit.BATCH,
            3,
            "POST",
            POINTS + "/batch",
            n -> "{\"operations\":[" + repeated("{\"delete\":{\"points\":[1]}}", n) + "]}",
            (stub, n) ->
                stub.updateBatch(
                    UpdateBatchPoints.newBuilder()
                        .setCollectionName("words")
                        .addAllOperations(Collections.nCopies(n, deletion()))
                        .build()),
            "operations: value of 4 operations invalid, must be at most 3 (limit batch)"),
        new Case(
            "points of an upsert",
            Limit.POINTS,
            3,
            "PUT",
            POINTS,
            n -> "{\"points\":[" + repeated("{\"id\":1,\"vector\":{}}", n) + "]}",
            (stub, n) ->
                stub.upsert(
                    UpsertPoints.newBuilder()
                        .setCollectionName("words")
                        .addAllPoints(Collections.nCopies(n, point().build()))
                        .build()),
            "points: value of 4 points invalid, must be at most 3 (limit points)"),
        new Case(
            "ids of a deletion",
            Limit.POINTS,
            3,
            "POST",
            POINTS + "/delete",
            n -> "{\"points\":[" + repeated("1", n) + "]}",
            (stub, n) ->
                stub.delete(
                    DeletePoints.newBuilder()
                        .setCollectionName("words")
                        .setPoints(selector(n))
                        .build()),
            "points: value of 4 points invalid, must be at most 3 (limit points)"),
        new Case(
            "conditions of a filter",
            Limit.FILTER_CONDITIONS,
            3,
            "POST",
            POINTS + "/count",
            n -> "{\"filter\":{\"must\":[" + repeated("{\"has_id\":[1]}", n) + "]}}",
            (stub, n) -> count(stub, Filter.newBuilder().addAllMust(hasId(n)).build()),
            "filter: value of 4 conditions invalid, must be at most 3 (limit filter-conditions)"),
        new Case(
            "conditions of a deletion",
            Limit.FILTER_CONDITIONS,
            3,
            "POST",
            POINTS + "/delete",
            n -> "{\"filter\":{\"must\":[" + repeated("{\"has_id\":[1]}", n) + "]}}",
            (stub, n) ->
                stub.delete(
                    DeletePoints.newBuilder()
                        .setCollectionName("words")
                        .setPoints(
                            PointsSelector.newBuilder()
                                .setFilter(Filter.newBuilder().addAllMust(hasId(n))))
                        .build()),
            "filter: value of 4 conditions invalid, must be at most 3 (limit filter-conditions)"),
        new Case(
            "depth of a filter",
            Limit.FILTER_DEPTH,
            3,
            "POST",
            POINTS + "/count",
            n ->
                "{\"filter\":"
                    + "{\"must\":[".repeat(n)
                    + "{\"has_id\":[1]}"
                    + "]}".repeat(n)
                    + "}",
            (stub, n) -> count(stub, nested(n)),
            "filter: filters nested 4 deep invalid, must be at most 3"),
        new Case(
            "depth of a filter, at most",
            Limit.FILTER_DEPTH,
            20,
            "POST",
            POINTS + "/count",
            n ->
                "{\"filter\":"
                    + "{\"must\":[".repeat(n)
                    + "{\"has_id\":[1]}"
                    + "]}".repeat(n)
                    + "}",
            (stub, n) -> count(stub, nested(n)),
            "filter: filters nested 21 deep invalid, must be at most 20"),
        new Case(
            "depth of prefetches",
            Limit.PREFETCH_DEPTH,
            3,
            "POST",
            POINTS + "/query",
            n -> "{\"query\":{\"fusion\":\"rrf\"},\"prefetch\":".repeat(n) + "{}" + "}".repeat(n),
            (stub, n) -> stub.query(prefetching(n)),
            "Bad request: prefetches depth 4 exceeds max depth 3"),
        new Case(
            "examples",
            Limit.EXAMPLES,
            3,
            "POST",
            POINTS + "/query",
            n -> "{\"query\":{\"recommend\":{\"positive\":[" + repeated("1", n) + "]}}}",
            (stub, n) ->
                stub.query(
                    query()
                        .setQuery(
                            Query.newBuilder()
                                .setRecommend(
                                    RecommendInput.newBuilder()
                                        .addAllPositive(
                                            Collections.nCopies(
                                                n, VectorInput.newBuilder().setId(id()).build()))))
                        .build()),
            "query: value of 4 examples invalid, must be at most 3 (limit examples)"),
        new Case(
            "sample of a matrix",
            Limit.MATRIX_SAMPLE,
            5,
            "POST",
            POINTS + "/search/matrix/pairs",
            n -> "{\"sample\":" + n + "}",
            (stub, n) ->
                stub.searchMatrixPairs(
                    SearchMatrixPoints.newBuilder()
                        .setCollectionName("words")
                        .setSample(n)
                        .build()),
            "sample: value of 6 points invalid, must be at most 5 (limit matrix-sample)"),
        new Case(
            "size of a payload",
            Limit.PAYLOAD,
            20,
            "PUT",
            POINTS,
            n ->
                "{\"points\":[{\"id\":1,\"vector\":{},\"payload\":{\"a\":\""
                    + "x".repeat(n - 8)
                    + "\"}}]}",
            (stub, n) ->
                stub.upsert(
                    UpsertPoints.newBuilder()
                        .setCollectionName("words")
                        .addPoints(
                            point()
                                .putPayload(
                                    "a",
                                    Value.newBuilder().setStringValue("x".repeat(n - 8)).build()))
                        .build()),
            "points[0].payload: value of 21 bytes invalid, must be at most 20 (limit payload)"),
        new Case(
            "depth of a payload",
            Limit.PAYLOAD_DEPTH,
            4,
            "POST",
            POINTS + "/payload",
            n ->
                "{\"points\":[1],\"payload\":{\"a\":"
                    + "[".repeat(n - 1)
                    + "]".repeat(n - 1)
                    + "}}",
            (stub, n) ->
                stub.setPayload(
                    SetPayloadPoints.newBuilder()
                        .setCollectionName("words")
                        .setPointsSelector(selector(1))
                        .putPayload("a", lists(n - 1))
                        .build()),
            "payload: value of 5 levels invalid, must be at most 4 (limit payload-depth)"));
  }

  private static String repeated(String each, int times) {
    return String.join(",", Collections.nCopies(times, each));
  }

  private static PointId id() {
    return PointId.newBuilder().setNum(1).build();
  }

  private static PointStruct.Builder point() {
    return PointStruct.newBuilder()
        .setId(id())
        .setVectors(
            Vectors.newBuilder()
                .setVector(
                    Vector.newBuilder().setDense(DenseVector.newBuilder().addData(1).addData(2))));
  }

  private static QueryPoints.Builder query() {
    return QueryPoints.newBuilder().setCollectionName("words");
  }

  private static PointsSelector selector(int ids) {
    return PointsSelector.newBuilder()
        .setPoints(PointsIdsList.newBuilder().addAllIds(Collections.nCopies(ids, id())))
        .build();
  }

  private static PointsUpdateOperation deletion() {
    return PointsUpdateOperation.newBuilder()
        .setDeletePoints(PointsUpdateOperation.DeletePoints.newBuilder().setPoints(selector(1)))
        .build();
  }

  private static List<Condition> hasId(int times) {
    return Collections.nCopies(
        times, Condition.newBuilder().setHasId(HasIdCondition.newBuilder().addHasId(id())).build());
  }

  private static Filter nested(int depth) {
    Filter filter = Filter.newBuilder().addAllMust(hasId(1)).build();
    for (int i = 1; i < depth; i++) {
      filter = Filter.newBuilder().addMust(Condition.newBuilder().setFilter(filter)).build();
    }
    return filter;
  }

  private static void count(PointsGrpc.PointsBlockingStub stub, Filter filter) {
    var _ =
        stub.count(CountPoints.newBuilder().setCollectionName("words").setFilter(filter).build());
  }

  private static QueryPoints prefetching(int depth) {
    Query fused = Query.newBuilder().setFusion(Fusion.RRF).build();
    PrefetchQuery prefetch = PrefetchQuery.getDefaultInstance();
    for (int i = 1; i < depth; i++) {
      prefetch = PrefetchQuery.newBuilder().setQuery(fused).addPrefetch(prefetch).build();
    }
    return query().setQuery(fused).addPrefetch(prefetch).build();
  }

  private static Value lists(int depth) {
    Value value = Value.newBuilder().setListValue(ListValue.getDefaultInstance()).build();
    for (int i = 1; i < depth; i++) {
      value = Value.newBuilder().setListValue(ListValue.newBuilder().addValues(value)).build();
    }
    return value;
  }

  @AfterEach
  void nothingIsLeft() {
    services.reset();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void overRest(Case each) throws Exception {
    Limits limits = Limits.DEFAULT.with(each.limit(), each.max());
    RestEdge edge =
        RestEdge.start(
            new RestSettings("127.0.0.1", 0, limits),
            new LimitedWriteService(services, limits),
            new LimitedReadService(services, limits),
            services,
            services,
            services.node());
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> passed = send(client, edge, each, each.max());
      assertThat(passed.statusCode()).as(passed.body()).isEqualTo(200);
      assertThat(services.refused).isEmpty();
      List<String> before = List.copyOf(services.asked);
      assertThat(before).isNotEmpty();
      HttpResponse<String> refused = send(client, edge, each, each.max() + 1);
      assertThat(refused.statusCode()).isEqualTo(each.text().startsWith("Bad") ? 400 : 422);
      assertThat(refused.body()).contains(each.text());
      assertThat(services.refused).containsExactly(each.limit());
      assertThat(services.asked).containsExactlyElementsOf(before);
    } finally {
      edge.close();
    }
  }

  private static HttpResponse<String> send(HttpClient client, RestEdge edge, Case each, int n)
      throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + edge.port() + each.path());
    return client.send(
        HttpRequest.newBuilder(uri)
            .method(each.method(), BodyPublishers.ofString(each.json().apply(n)))
            .build(),
        BodyHandlers.ofString());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void overGrpc(Case each) {
    Limits limits = Limits.DEFAULT.with(each.limit(), each.max());
    GrpcEdge edge =
        GrpcEdge.start(
            new GrpcSettings("127.0.0.1", 0, limits),
            new LimitedWriteService(services, limits),
            new LimitedReadService(services, limits),
            services,
            services,
            services.node());
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", edge.port()).usePlaintext().build();
    try {
      PointsGrpc.PointsBlockingStub stub = PointsGrpc.newBlockingStub(channel);
      each.call().accept(stub, each.max());
      assertThat(services.refused).isEmpty();
      List<String> before = List.copyOf(services.asked);
      assertThat(before).isNotEmpty();
      StatusRuntimeException refused =
          catchThrowableOfType(
              StatusRuntimeException.class, () -> each.call().accept(stub, each.max() + 1));
      assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(refused.getStatus().getDescription()).contains(each.text());
      assertThat(services.refused).containsExactly(each.limit());
      assertThat(services.asked).containsExactlyElementsOf(before);
    } finally {
      channel.shutdownNow();
      edge.close();
    }
  }
}
