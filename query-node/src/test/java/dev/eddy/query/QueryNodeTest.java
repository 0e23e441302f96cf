package dev.eddy.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.kafka.log.LogHeader;
import dev.eddy.kafka.log.LogPartition;
import dev.eddy.kafka.log.PointLogWriter;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.limit.Limits;
import dev.eddy.proto.qdrant.CountPoints;
import dev.eddy.proto.qdrant.DenseVector;
import dev.eddy.proto.qdrant.PointsGrpc;
import dev.eddy.proto.qdrant.Query;
import dev.eddy.proto.qdrant.QueryPoints;
import dev.eddy.proto.qdrant.VectorInput;
import dev.eddy.query.grpc.GrpcSettings;
import dev.eddy.query.rest.RestEdge;
import dev.eddy.query.rest.RestSettings;
import dev.eddy.query.world.FakeResources;
import dev.eddy.query.world.World;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueryNodeTest {
  private static final CollectionSpec SPEC =
      CollectionSpec.of(Map.of("", VectorParams.of(2, Distance.DOT)));

  private final World world = new World(1);
  private final WorldWriter writer = new WorldWriter();
  private final FakeResources resources = new FakeResources();
  private final QueryNode node =
      new QueryNode(
          new QueryNode.Parts(
              "node-0",
              world.view,
              world.admin,
              world.nodes.getFirst(),
              writer,
              partition -> world.endOf(writer.generation(partition), partition.partition()),
              resources,
              World::status,
              List.of(),
              Limits.DEFAULT));

  @AfterEach
  void close() {
    node.close();
    world.close();
  }

  @Test
  void bothEdgesStandOnOneCore() throws Exception {
    world.create("c", SPEC);
    int grpcPort = node.openGrpc(GrpcSettings.of("127.0.0.1", 0)).port();
    RestEdge rest = node.openRest(RestSettings.of("127.0.0.1", 0));
    try (HttpClient http = HttpClient.newHttpClient()) {
      var written =
          http.send(
              HttpRequest.newBuilder(
                      URI.create(
                          "http://127.0.0.1:" + rest.port() + "/collections/c/points?wait=true"))
                  .header("content-type", "application/json")
                  .PUT(BodyPublishers.ofString("{\"points\":[{\"id\":1,\"vector\":[1,2]}]}"))
                  .build(),
              BodyHandlers.ofString());
      assertThat(written.statusCode()).as(written.body()).isEqualTo(200);
    }
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", grpcPort).usePlaintext().build();
    try {
      assertThat(
              PointsGrpc.newBlockingStub(channel)
                  .count(CountPoints.newBuilder().setCollectionName("c").build())
                  .getResult()
                  .getCount())
          .isEqualTo(1);
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void answersSayWhatTheirRequestsUsedWhereThatIsWanted() throws Exception {
    world.create("c", SPEC.distributed(2, 1));
    RestEdge rest = node.openRest(new RestSettings("127.0.0.1", 0, Limits.DEFAULT, true));
    String points =
        "{'points':[{'id':1,'vector':[1,2],'payload':{'a':1}},{'id':2,'vector':[3,4]}]}";
    assertThat(send(rest, "PUT", "/collections/c/points?wait=true", points))
        .contains(
            "'usage':{'hardware':{'cpu':0,'payload_io_read':0,'payload_io_write':7,'payload_index_io_read':0,'payload_index_io_write':0,'vector_io_read':0,'vector_io_write':16}}");
    // A fake shard counts one for each question, and there are two of them, on threads of their
    // own.
    assertThat(send(rest, "POST", "/collections/c/points/query", "{'query':[1,1]}"))
        .contains("'usage':{'hardware':{'cpu':2,");
    assertThat(send(rest, "GET", "/collections", "")).doesNotContain("usage");

    int grpcPort = node.openGrpc(new GrpcSettings("127.0.0.1", 0, Limits.DEFAULT, true)).port();
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", grpcPort).usePlaintext().build();
    try {
      QueryPoints query =
          QueryPoints.newBuilder()
              .setCollectionName("c")
              .setQuery(
                  Query.newBuilder()
                      .setNearest(
                          VectorInput.newBuilder()
                              .setDense(DenseVector.newBuilder().addData(1).addData(1))))
              .build();
      assertThat(PointsGrpc.newBlockingStub(channel).query(query).getUsage().getHardware().getCpu())
          .isEqualTo(2);
    } finally {
      channel.shutdownNow();
    }
  }

  /** With single quotes for double ones. */
  private static String send(RestEdge rest, String method, String path, String body)
      throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      var answer =
          http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + rest.port() + path))
                  .method(method, BodyPublishers.ofString(body.replace('\'', '"')))
                  .build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return answer.body().replace('"', '\'');
    }
  }

  @Test
  void aDroppedLogIsToldToTheWriter() {
    Generation generation = world.create("c", SPEC);
    assertThat(writer.dropped).isEmpty();
    world.view.set(world.without("c"));
    assertThat(writer.dropped).containsExactly(generation.topicId());
  }

  @Test
  void itIsReadyWhenEveryShardIsServed() {
    assertThat(node.isReady()).isTrue();
    Generation generation = world.create("c", SPEC);
    assertThat(node.isReady()).isFalse();
    report(generation, "REPLAYING");
    assertThat(node.isReady()).isFalse();
    report(generation, "SERVING");
    assertThat(node.isReady()).isTrue();
  }

  private void report(Generation generation, String state) {
    var shard = new NodeReport.ShardReport(generation.shard(0), state, 0, 0, 0, 0, "");
    world.view.reports(
        List.of(
            new NodeReport(
                "node-0", 1, Set.of(NodeReport.Role.INDEX), null, null, 0, List.of(shard), null)));
  }

  private final class WorldWriter implements PointLogWriter {
    final List<UUID> dropped = new ArrayList<>();

    Generation generation(LogPartition partition) {
      return world.view.state().generations().values().stream()
          .flatMap(List::stream)
          .filter(each -> partition.topicId().equals(each.topicId()))
          .findFirst()
          .orElseThrow();
    }

    @Override
    public CompletableFuture<Long> append(
        LogPartition partition, byte[] value, List<LogHeader> headers) {
      return world.append(generation(partition), partition.partition(), value);
    }

    @Override
    public void logDropped(UUID topicId) {
      dropped.add(topicId);
    }

    @Override
    public void close() {}
  }
}
