package dev.eddy.query.grpc;

import static io.qdrant.client.ConditionFactory.hasId;
import static io.qdrant.client.PointIdFactory.id;
import static io.qdrant.client.QueryFactory.nearest;
import static io.qdrant.client.ValueFactory.value;
import static io.qdrant.client.VectorsFactory.vectors;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.query.metrics.QueryMetrics;
import dev.eddy.query.world.World;
import io.qdrant.client.QdrantClient;
import io.qdrant.client.QdrantGrpcClient;
import io.qdrant.client.grpc.Collections.CollectionStatus;
import io.qdrant.client.grpc.Collections.CreateCollection;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScoredPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.UpdateStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The public Java client as it is published, against the edge. */
class UnmodifiedClientTest {
  private final World world = new World(2);
  private final GrpcEdge edge =
      GrpcEdge.start(
          GrpcSettings.of("127.0.0.1", 0),
          world.writes,
          world.reads,
          world.collections,
          new QueryMetrics(world.view, "1.19.0", List.of()),
          world.node(new QueryMetrics(world.view, "1.19.0", List.of())));
  private final QdrantClient client =
      new QdrantClient(QdrantGrpcClient.newBuilder("127.0.0.1", edge.port(), false).build());

  @AfterEach
  void close() {
    client.close();
    edge.close();
    world.close();
  }

  @Test
  void itsFirstStepsWork() throws Exception {
    assertThat(client.healthCheckAsync().get().getVersion()).isEqualTo("1.19.0");
    client
        .createCollectionAsync(
            CreateCollection.newBuilder()
                .setCollectionName("c")
                .setShardNumber(2)
                .setVectorsConfig(
                    VectorsConfig.newBuilder()
                        .setParams(VectorParams.newBuilder().setSize(2).setDistance(Distance.Dot)))
                .build())
        .get();
    assertThat(client.collectionExistsAsync("c").get()).isTrue();
    assertThat(client.listCollectionsAsync().get()).containsExactly("c");
    assertThat(client.getCollectionInfoAsync("c").get().getStatus())
        .isEqualTo(CollectionStatus.Green);

    UUID uuid = UUID.fromString("550e8400-e29b-41d4-a716-446655440000");
    var upserted =
        client
            .upsertAsync(
                "c",
                List.of(
                    PointStruct.newBuilder()
                        .setId(id(1))
                        .setVectors(vectors(1f, 0f))
                        .putPayload("city", value("Berlin"))
                        .build(),
                    PointStruct.newBuilder().setId(id(uuid)).setVectors(vectors(2f, 0f)).build()))
            .get();
    assertThat(upserted.getStatus()).isEqualTo(UpdateStatus.Completed);

    List<ScoredPoint> hits =
        client
            .queryAsync(
                QueryPoints.newBuilder()
                    .setCollectionName("c")
                    .setQuery(nearest(1f, 0f))
                    .setLimit(5)
                    .build())
            .get();
    assertThat(hits).extracting(ScoredPoint::getId).containsExactly(id(uuid), id(1));
    List<RetrievedPoint> got = client.retrieveAsync("c", id(1), true, true, null).get();
    assertThat(got.getFirst().getPayloadMap()).containsEntry("city", value("Berlin"));
    assertThat(got.getFirst().getVectors().getVector().getDense().getDataList())
        .containsExactly(1f, 0f);

    client.setPayloadAsync("c", Map.of("n", value(3)), id(1), true, null, null).get();
    var page = client.scrollAsync(ScrollPoints.newBuilder().setCollectionName("c").build()).get();
    assertThat(page.getResultList()).hasSize(2);
    assertThat(page.getResult(0).getPayloadMap()).containsKeys("city", "n");

    client.deleteAsync("c", Filter.newBuilder().addMust(hasId(id(1))).build()).get();
    assertThat(client.countAsync("c").get()).isEqualTo(1);
    client.createAliasAsync("a", "c").get();
    assertThat(client.countAsync("a", null, true, Duration.ofSeconds(20)).get()).isEqualTo(1);
    assertThatThrownBy(() -> client.countAsync("none").get())
        .hasMessageContaining("NOT_FOUND: Not found: Collection `none` doesn't exist!");
    client.deleteCollectionAsync("c").get();
    assertThat(client.collectionExistsAsync("c").get()).isFalse();
  }
}
