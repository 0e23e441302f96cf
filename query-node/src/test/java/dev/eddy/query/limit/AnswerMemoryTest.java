package dev.eddy.query.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.limit.Limit;
import dev.eddy.model.limit.Limits;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.update.Update;
import dev.eddy.proto.qdrant.PointsGrpc;
import dev.eddy.proto.qdrant.QueryPoints;
import dev.eddy.proto.qdrant.ScrollPoints;
import dev.eddy.query.grpc.GrpcEdge;
import dev.eddy.query.grpc.GrpcSettings;
import dev.eddy.query.rest.RestEdge;
import dev.eddy.query.rest.RestSettings;
import dev.eddy.query.world.FakeServices;
import dev.eddy.query.world.World;
import dev.eddy.query.write.WriteOptions;
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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Any number may be asked for; what an answer takes is bounded by what it holds. */
class AnswerMemoryTest {
  private static final int POINTS = 50;
  private static final String HUGE = "\"limit\":1000000000000";

  private final World world = new World(2);
  private final FakeServices metrics = new FakeServices();
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<AutoCloseable> opened = new ArrayList<>();

  @BeforeEach
  void write() {
    world.create(
        "c", CollectionSpec.of(Map.of("", VectorParams.of(2, Distance.DOT))).distributed(2, 1));
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < POINTS; i++) {
      byte[] payload = ("{\"text\":\"" + "x".repeat(400) + "\"}").getBytes(StandardCharsets.UTF_8);
      points.add(new Point(PointId.of(i), Vectors.unnamed(i, 1), new Payload(payload)));
    }
    world.writes.write("c", new Update.Upsert(points), WriteOptions.COMPLETE);
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
    world.close();
  }

  private RestEdge rest(Limits limits) {
    RestEdge edge =
        RestEdge.start(
            new RestSettings("127.0.0.1", 0, limits),
            world.writes,
            new LimitedReadService(world.reads, limits),
            world.collections,
            metrics,
            world.node(metrics));
    opened.add(edge);
    return edge;
  }

  private PointsGrpc.PointsBlockingStub grpc(Limits limits) {
    GrpcEdge edge =
        GrpcEdge.start(
            new GrpcSettings("127.0.0.1", 0, limits),
            world.writes,
            new LimitedReadService(world.reads, limits),
            world.collections,
            metrics,
            world.node(metrics));
    opened.add(edge);
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", edge.port()).usePlaintext().build();
    opened.add(channel::shutdownNow);
    return PointsGrpc.newBlockingStub(channel);
  }

  private HttpResponse<String> post(RestEdge edge, String what, String body) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + edge.port() + "/collections/c/points/" + what);
    return client.send(
        HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
  }

  @Test
  void aHugeLimitGivesWhatThereIsOverRest() throws Exception {
    RestEdge edge = rest(Limits.DEFAULT);
    for (String[] each :
        new String[][] {
          {"scroll", "{" + HUGE + "}"},
          {"query", "{\"query\":[1,1]," + HUGE + "}"},
          {"query", "{\"query\":[1,1]," + HUGE + ",\"offset\":1000000000000}"},
          {"query", "{\"prefetch\":{\"query\":[1,1]," + HUGE + "},\"query\":[1,1]," + HUGE + "}"},
          {
            "query/groups",
            "{\"query\":[1,1]," + HUGE + ",\"group_size\":1000000000000,\"group_by\":\"text\"}"
          }
        }) {
      HttpResponse<String> answer = post(edge, each[0], each[1]);
      assertThat(answer.statusCode()).as(each[1] + " " + answer.body()).isEqualTo(200);
      int hits = answer.body().split("\"id\":\\d", -1).length - 1;
      assertThat(hits).as(each[1]).isEqualTo(each[1].contains("offset") ? 0 : POINTS);
    }
  }

  @Test
  void aHugeLimitGivesWhatThereIsOverGrpc() {
    PointsGrpc.PointsBlockingStub stub = grpc(Limits.DEFAULT);
    int most = -1; // As an unsigned number.
    assertThat(
            stub.scroll(ScrollPoints.newBuilder().setCollectionName("c").setLimit(most).build())
                .getResultCount())
        .isEqualTo(POINTS);
    assertThat(
            stub.query(QueryPoints.newBuilder().setCollectionName("c").setLimit(-1L).build())
                .getResultCount())
        .isEqualTo(POINTS);
    assertThat(
            stub.query(
                    QueryPoints.newBuilder()
                        .setCollectionName("c")
                        .setLimit(-1L)
                        .setOffset(1_000_000_000_000L)
                        .build())
                .getResultCount())
        .isZero();
  }

  @Test
  void anAnswerThatWouldTakeTooMuchMemoryIsRefusedAndGivesItBackOverRest() throws Exception {
    RestEdge edge = rest(Limits.DEFAULT.with(Limit.ANSWER, 8_000).with(Limit.ANSWERS, 20_000));
    for (int i = 0; i < 20; i++) {
      HttpResponse<String> refused = post(edge, "scroll", "{" + HUGE + "}");
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.body()).contains("the answer takes more than 8000 bytes of memory");
      assertThat(refused.headers().firstValue("Retry-After")).isEmpty();
      assertThat(post(edge, "scroll", "{\"limit\":5}").statusCode()).isEqualTo(200);
    }
    assertThat(metrics.refused).hasSize(20).containsOnly(Limit.ANSWER);
  }

  @Test
  void anAnswerThatWouldTakeTooMuchMemoryIsRefusedAndGivesItBackOverGrpc() {
    PointsGrpc.PointsBlockingStub stub =
        grpc(Limits.DEFAULT.with(Limit.ANSWER, 8_000).with(Limit.ANSWERS, 20_000));
    for (int i = 0; i < 20; i++) {
      StatusRuntimeException refused =
          catchThrowableOfType(
              StatusRuntimeException.class,
              () ->
                  stub.scroll(
                      ScrollPoints.newBuilder().setCollectionName("c").setLimit(-1).build()));
      assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(refused.getStatus().getDescription())
          .contains("the answer takes more than 8000 bytes of memory");
      assertThat(
              stub.scroll(ScrollPoints.newBuilder().setCollectionName("c").setLimit(5).build())
                  .getResultCount())
          .isEqualTo(5);
    }
    assertThat(metrics.refused).hasSize(20).containsOnly(Limit.ANSWER);
  }
}
