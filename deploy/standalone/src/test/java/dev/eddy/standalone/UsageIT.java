package dev.eddy.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.eddy.proto.qdrant.Document;
import dev.eddy.proto.qdrant.ModelUsage;
import dev.eddy.proto.qdrant.NamedVectors;
import dev.eddy.proto.qdrant.PointId;
import dev.eddy.proto.qdrant.PointStruct;
import dev.eddy.proto.qdrant.PointsGrpc;
import dev.eddy.proto.qdrant.Query;
import dev.eddy.proto.qdrant.QueryPoints;
import dev.eddy.proto.qdrant.UpsertPoints;
import dev.eddy.proto.qdrant.Usage;
import dev.eddy.proto.qdrant.Vector;
import dev.eddy.proto.qdrant.VectorInput;
import dev.eddy.proto.qdrant.Vectors;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that says in each answer what its request used, from the outside. */
final class UsageIT {
  @Test
  void searchesAndWritesSayWhatTheyUsed(@TempDir Path folder) throws Exception {
    try (RunningEddy eddy = RunningEddy.start(folder.resolve("data"), true)) {
      String collection = "{'vectors':{'size':2,'distance':'Dot'},'shard_number':2}";
      assertThat(ok(eddy, "PUT", "/collections/c", collection)).doesNotContain("usage");
      String points =
          "{'points':[{'id':1,'vector':[1,2],'payload':{'a':1}},{'id':2,'vector':[3,4]},"
              + "{'id':3,'vector':[5,6]}]}";
      assertThat(ok(eddy, "PUT", "/collections/c/points?wait=true", points))
          .contains("'payload_io_write':7,", "'vector_io_write':24}");
      String query = "{'query':[1,1],'limit':1,'params':{'exact':true}}";
      // Each of the three rows has two numbers, in whichever shard it is.
      assertThat(ok(eddy, "POST", "/collections/c/points/query", query))
          .contains("'usage':{'hardware':{'cpu':24,'payload_io_read':0,");
      assertThat(ok(eddy, "POST", "/collections/c/points", "{'ids':[1,2]}"))
          .contains("'usage':{'hardware':{'cpu':0,'payload_io_read':7,");
    }
  }

  @Test
  void textsSayHowManyTokensTheModelMade(@TempDir Path folder) throws Exception {
    try (RunningEddy eddy = RunningEddy.start(folder.resolve("data"), true)) {
      ok(eddy, "PUT", "/collections/c", "{'sparse_vectors':{'words':{'modifier':'idf'}}}");
      String points =
          "{'points':[{'id':1,'vector':{'words':{'text':'the rivers run','model':'bm25'}}},"
              + "{'id':2,'vector':{'words':{'text':'a river','model':'qdrant/bm25'}}}]}";
      assertThat(ok(eddy, "PUT", "/collections/c/points?wait=true", points))
          .contains("'inference':{'models':{'qdrant/bm25':{'tokens':3}}}}");
      String query =
          "{'query':{'text':'running','model':'qdrant/bm25'},'using':'words','with_payload':false}";
      assertThat(ok(eddy, "POST", "/collections/c/points/query", query))
          .contains("'inference':{'models':{'qdrant/bm25':{'tokens':1}}}}");
      assertThat(ok(eddy, "POST", "/collections/c/points/query/batch", twice(query)))
          .contains("'inference':{'models':{'qdrant/bm25':{'tokens':2}}}}");
      assertThat(ok(eddy, "POST", "/collections/c/points/scroll", "{}"))
          .doesNotContain("inference");
      tokensOverGrpc(eddy.grpcPort());
    }
  }

  private static String twice(String query) {
    return "{'searches':[%s,%s]}".formatted(query, query);
  }

  private static void tokensOverGrpc(int port) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    try {
      PointsGrpc.PointsBlockingStub points = PointsGrpc.newBlockingStub(channel);
      Document text = Document.newBuilder().setText("no sea").setModel("qdrant/bm25").build();
      Vector vector = Vector.newBuilder().setDocument(text).build();
      Usage written =
          points
              .upsert(
                  UpsertPoints.newBuilder()
                      .setCollectionName("c")
                      .addPoints(
                          PointStruct.newBuilder()
                              .setId(PointId.newBuilder().setNum(3))
                              .setVectors(
                                  Vectors.newBuilder()
                                      .setVectors(
                                          NamedVectors.newBuilder().putVectors("words", vector))))
                      .build())
              .getUsage();
      assertThat(written.getInference().getModelsMap())
          .containsExactly(entry("qdrant/bm25", ModelUsage.newBuilder().setTokens(1).build()));
      Usage asked =
          points
              .query(
                  QueryPoints.newBuilder()
                      .setCollectionName("c")
                      .setUsing("words")
                      .setQuery(
                          Query.newBuilder().setNearest(VectorInput.newBuilder().setDocument(text)))
                      .build())
              .getUsage();
      assertThat(asked.getInference()).isEqualTo(written.getInference());
    } finally {
      channel.shutdownNow();
    }
  }

  /** With single quotes for double ones. */
  private static String ok(RunningEddy eddy, String method, String path, String body) {
    return eddy.ok(method, path, body).replace('"', '\'');
  }
}
