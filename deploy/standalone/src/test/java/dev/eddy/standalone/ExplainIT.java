package dev.eddy.standalone;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonArray;
import dev.eddy.model.json.JsonValue.JsonBoolean;
import dev.eddy.model.json.JsonValue.JsonLong;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.JsonValue.JsonString;
import dev.eddy.proto.qdrant.Condition;
import dev.eddy.proto.qdrant.FieldCondition;
import dev.eddy.proto.qdrant.Filter;
import dev.eddy.proto.qdrant.PointsGrpc;
import dev.eddy.proto.qdrant.Range;
import dev.eddy.proto.qdrant.SearchPoints;
import dev.eddy.proto.v1.NodeGrpc;
import dev.eddy.proto.v1.PlanTelemetry;
import dev.eddy.proto.v1.TelemetryRequest;
import dev.eddy.testkit.Await;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever asks is told how filters were gone about, and telemetry sums it up. */
final class ExplainIT {
  private static final int POINTS = 5_000;
  private static final int DIMENSION = 16;
  private static final Metadata.Key<String> EXPLAIN =
      Metadata.Key.of("eddy-explain", Metadata.ASCII_STRING_MARSHALLER);

  private final Random random = new Random(6);

  @Test
  void filtersAreExplained(@TempDir Path folder) throws Exception {
    try (RunningEddy eddy = RunningEddy.start(folder.resolve("data"))) {
      eddy.ok(
          "PUT",
          "/collections/c",
          "{'vectors':{'size':16,'distance':'Euclid'},'optimizers_config':{'indexing_threshold':10}}");
      eddy.ok("PUT", "/collections/c/points?wait=true", points());
      Await.until(
          "a graph",
          () ->
              eddy.ok("GET", "/collections/c", "").contains("\"indexed_vectors_count\":" + POINTS));
      rest(eddy);
      long told = telemetry(eddy);
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", eddy.grpcPort()).usePlaintext().build();
      try {
        grpc(channel, told);
      } finally {
        channel.shutdownNow();
      }
    }
  }

  private void rest(RunningEddy eddy) throws Exception {
    String few = query(50);
    assertThat(explained(eddy, "/points/query", few, "false")).isEmpty();
    Json scan = Json.of(explained(eddy, "/points/query", few, "true"));
    assertThat(scan.size()).isOne();
    assertThat(scan.get(0).get("plan").text()).isEqualTo("scan_matches");
    assertThat(scan.get(0).get("shard").number()).isZero();
    assertThat(scan.get(0).get("given_up").isTrue()).isFalse();
    assertThat(scan.get(0).get("points").number()).isEqualTo(POINTS);
    assertThat(scan.get(0).get("matched").number()).isEqualTo(50);
    assertThat(scan.get(0).get("cost_rows").number()).isEqualTo(50);
    String none = "{'query':" + vector() + "}";
    assertThat(explained(eddy, "/points/query", none, "true")).isEqualTo("[]");

    String batch = "{'searches':[" + none + "," + query(4_900) + "," + few + "]}";
    Json both = Json.of(explained(eddy, "/points/query/batch", batch, "true"));
    assertThat(both.size()).isEqualTo(2);
    assertThat(both.get(0).get("query").number()).isOne();
    assertThat(both.get(0).get("segment").number()).isZero();
    assertThat(both.get(0).get("plan").text()).isEqualTo("walk");
    assertThat(both.get(0).get("estimated").number()).isBetween(4_000L, (long) POINTS);
    assertThat(both.get(0).get("visited_rows").number()).isPositive();
    assertThat(both.get(1).get("query").number()).isEqualTo(2);

    String much = "{'searches':" + Collections.nCopies(200, few) + "}";
    String cut = explained(eddy, "/points/query/batch", much, "true");
    assertThat(cut.length()).isLessThan(3_100);
    Json last = Json.of(cut);
    assertThat(last.get(last.size() - 1).get("left_out").number()).isEqualTo(201L - last.size());
  }

  private static String explained(RunningEddy eddy, String path, String body, String isAsked)
      throws Exception {
    RunningEddy.Answered answered =
        eddy.rest(
            "POST", "/collections/c" + path, body.replace('\'', '"'), "Eddy-Explain", isAsked);
    assertThat(answered.status()).as(answered.body()).isEqualTo(200);
    return answered.header("Eddy-Explain");
  }

  /** All attempts that telemetry tells of. */
  private long telemetry(RunningEddy eddy) throws Exception {
    assertThat(eddy.ok("GET", "/telemetry?details_level=2", "")).doesNotContain("filter_plans");
    Json plans =
        Json.of(eddy.ok("GET", "/telemetry?details_level=3", ""))
            .get("result")
            .get("collections")
            .get("collections")
            .get(0)
            .get("shards")
            .get(0)
            .get("filter_plans");
    assertThat(eddy.ok("GET", "/telemetry?details_level=3", ""))
        .contains("\"vector_forms\":{\"whole\":5000,\"coded\":0,\"fused\":0,\"fused_slots\":0,")
        .containsPattern("\"unfused\":\\{\"[a-z_]+\":5000}");
    Json walk = plans.get("walk");
    assertThat(walk.get("tried").number()).isOne();
    assertThat(walk.get("points").number()).isEqualTo(POINTS);
    assertThat(walk.get("estimated").number()).isBetween(4_000L, (long) POINTS);
    assertThat(walk.get("checked").number()).isZero();
    Json scans = plans.get("scan_matches");
    // One asked for it without being told.
    assertThat(scans.get("tried").number()).isEqualTo(203);
    assertThat(scans.get("given_up").number()).isZero();
    assertThat(scans.get("checked").number()).isPositive();
    assertThat(scans.get("checked_matched").number()).isEqualTo(50 * scans.get("checked").number());
    return scans.get("tried").number();
  }

  private void grpc(ManagedChannel channel, long told) {
    Metadata asked = new Metadata();
    asked.put(EXPLAIN, "true");
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    SearchPoints.Builder search =
        SearchPoints.newBuilder()
            .setCollectionName("c")
            .setLimit(10)
            .setFilter(
                Filter.newBuilder()
                    .addMust(
                        Condition.newBuilder()
                            .setField(
                                FieldCondition.newBuilder()
                                    .setKey("n")
                                    .setRange(Range.newBuilder().setLt(50)))));
    for (int i = 0; i < DIMENSION; i++) {
      search.addVector(i);
    }
    var _ =
        PointsGrpc.newBlockingStub(channel)
            .withInterceptors(
                MetadataUtils.newAttachHeadersInterceptor(asked),
                MetadataUtils.newCaptureMetadataInterceptor(headers, trailers))
            .search(search.build());
    assertThat(requireNonNull(headers.get(), "headers").get(EXPLAIN))
        .contains("\"plan\":\"scan_matches\"");
    PlanTelemetry scans =
        NodeGrpc.newBlockingStub(channel)
            .telemetry(TelemetryRequest.newBuilder().setDetailsLevel(3).build())
            .getResult()
            .getCollections()
            .getCollections(0)
            .getShards(0)
            .getFilterPlansOrThrow("scan_matches");
    assertThat(scans.getTried()).isEqualTo(told + 1);
  }

  /** What is expected to be there. */
  private record Json(JsonValue value) {
    static Json of(String text) throws IOException {
      return new Json(JsonCodec.parse(text.getBytes(StandardCharsets.UTF_8)));
    }

    Json get(String member) {
      return new Json(requireNonNull(((JsonObject) value).members().get(member), member));
    }

    Json get(int index) {
      return new Json(((JsonArray) value).elements().get(index));
    }

    int size() {
      return ((JsonArray) value).elements().size();
    }

    long number() {
      return ((JsonLong) value).value();
    }

    String text() {
      return ((JsonString) value).value();
    }

    boolean isTrue() {
      return ((JsonBoolean) value).value();
    }
  }

  private String query(int matching) {
    return ("{'query':%s,'filter':{'must':[{'key':'n','range':{'lt':%d}}]}}")
        .formatted(vector(), matching);
  }

  private String points() {
    List<String> points = new ArrayList<>();
    for (int id = 0; id < POINTS; id++) {
      points.add("{'id':%d,'vector':%s,'payload':{'n':%d}}".formatted(id, vector(), id));
    }
    return "{'points':" + points + "}";
  }

  private String vector() {
    List<Float> numbers = new ArrayList<>();
    for (int i = 0; i < DIMENSION; i++) {
      numbers.add(random.nextFloat());
    }
    return numbers.toString();
  }
}
