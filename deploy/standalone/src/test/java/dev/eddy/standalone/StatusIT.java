package dev.eddy.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.proto.qdrant.CollectionInfo;
import dev.eddy.proto.qdrant.CollectionStatus;
import dev.eddy.proto.qdrant.CollectionsGrpc;
import dev.eddy.proto.qdrant.GetCollectionInfoRequest;
import dev.eddy.proto.qdrant.HnswConfigDiff;
import dev.eddy.proto.qdrant.UpdateCollection;
import dev.eddy.testkit.Await;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A collection is yellow while its graphs are made anew, and says so at both doors. */
final class StatusIT {
  private static final int POINTS = 2_000;
  private static final int DIMENSION = 64;
  private static final String YELLOW = "\"status\":\"yellow\",\"optimizer_status\":\"ok\"";
  private static final String GREEN = "\"status\":\"green\",\"optimizer_status\":\"ok\"";

  private final Random random = new Random(4);

  @Test
  void yellowWhileGraphsAreMadeAnew(@TempDir Path folder) throws Exception {
    try (RunningEddy eddy = RunningEddy.start(folder.resolve("data"))) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", eddy.grpcPort()).usePlaintext().build();
      try {
        walk(eddy, CollectionsGrpc.newBlockingStub(channel));
      } finally {
        channel.shutdownNow();
      }
    }
  }

  /** Graphs of so wide a beam take a second or so, many times as long as a request. */
  private void walk(RunningEddy eddy, CollectionsGrpc.CollectionsBlockingStub collections) {
    eddy.ok(
        "PUT",
        "/collections/c",
        "{'vectors':{'size':64,'distance':'Euclid'},'optimizers_config':{'indexing_threshold':10}}");
    assertThat(eddy.ok("GET", "/collections/c", "")).contains(GREEN);
    eddy.ok("PUT", "/collections/c/points?wait=true", points());
    Await.until("green", () -> eddy.ok("GET", "/collections/c", "").contains(GREEN));

    eddy.ok("PATCH", "/collections/c", "{'hnsw_config':{'m':32,'ef_construct':1000}}");
    Await.until("yellow", () -> eddy.ok("GET", "/collections/c", "").contains(YELLOW));
    assertThat(info(collections).getStatus()).isEqualTo(CollectionStatus.Yellow);
    assertThat(info(collections).getOptimizerStatus().getOk()).isTrue();
    Await.until("green over gRPC", () -> info(collections).getStatus() == CollectionStatus.Green);
    assertThat(eddy.ok("GET", "/collections/c", "")).contains(GREEN);

    var _ =
        collections.update(
            UpdateCollection.newBuilder()
                .setCollectionName("c")
                .setHnswConfig(HnswConfigDiff.newBuilder().setM(30))
                .build());
    Await.until("yellow over gRPC", () -> info(collections).getStatus() == CollectionStatus.Yellow);
    assertThat(eddy.ok("GET", "/collections/c", "")).contains(YELLOW);
    Await.until("green", () -> eddy.ok("GET", "/collections/c", "").contains(GREEN));
  }

  private static CollectionInfo info(CollectionsGrpc.CollectionsBlockingStub collections) {
    return collections
        .get(GetCollectionInfoRequest.newBuilder().setCollectionName("c").build())
        .getResult();
  }

  private String points() {
    List<String> points = new ArrayList<>();
    for (int id = 1; id <= POINTS; id++) {
      List<String> numbers = new ArrayList<>();
      for (int i = 0; i < DIMENSION; i++) {
        numbers.add(String.format(Locale.ROOT, "%.3f", random.nextGaussian()));
      }
      points.add("{'id':%d,'vector':%s}".formatted(id, numbers));
    }
    return "{'points':" + points + "}";
  }
}
