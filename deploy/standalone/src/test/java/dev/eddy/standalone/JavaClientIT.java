package dev.eddy.standalone;

import static io.qdrant.client.PointIdFactory.id;
import static io.qdrant.client.QueryFactory.nearest;
import static io.qdrant.client.ValueFactory.value;
import static io.qdrant.client.VectorFactory.vector;
import static io.qdrant.client.VectorsFactory.namedVectors;
import static io.qdrant.client.VectorsFactory.vectors;
import static io.qdrant.client.WithPayloadSelectorFactory.enable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.standalone.client.ClientWalk;
import io.qdrant.client.ConditionFactory;
import io.qdrant.client.QdrantClient;
import io.qdrant.client.QdrantGrpcClient;
import io.qdrant.client.grpc.Collections.CollectionConfig;
import io.qdrant.client.grpc.Collections.CreateCollection;
import io.qdrant.client.grpc.Collections.Disabled;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.Modifier;
import io.qdrant.client.grpc.Collections.PayloadSchemaInfo;
import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import io.qdrant.client.grpc.Collections.QuantizationConfig;
import io.qdrant.client.grpc.Collections.QuantizationConfigDiff;
import io.qdrant.client.grpc.Collections.QuantizationType;
import io.qdrant.client.grpc.Collections.ScalarQuantization;
import io.qdrant.client.grpc.Collections.SparseVectorConfig;
import io.qdrant.client.grpc.Collections.SparseVectorParams;
import io.qdrant.client.grpc.Collections.StrictModeConfig;
import io.qdrant.client.grpc.Collections.TurboQuantBitSize;
import io.qdrant.client.grpc.Collections.TurboQuantization;
import io.qdrant.client.grpc.Collections.UpdateCollection;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Collections.VectorParamsDiff;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import io.qdrant.client.grpc.Collections.VectorsConfigDiff;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.Document;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.QuantizationSearchParams;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScoredPoint;
import io.qdrant.client.grpc.Points.SearchParams;
import io.qdrant.client.grpc.Points.UpdateStatus;
import io.qdrant.client.grpc.Points.UpsertPoints;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The unmodified Java client works against everything in one process. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JavaClientIT {
  private RunningEddy eddy;
  private QdrantClient client;

  @BeforeAll
  void start(@TempDir Path data) {
    eddy = RunningEddy.start(data);
    client =
        new QdrantClient(QdrantGrpcClient.newBuilder("127.0.0.1", eddy.grpcPort(), false).build());
  }

  @AfterAll
  void stop() {
    client.close();
    eddy.close();
  }

  @Test
  void everyMethodOfTheClientAnswersAsItShould() {
    ClientWalk.walk(eddy.grpcPort());
  }

  private void create(String name) throws Exception {
    client
        .createCollectionAsync(
            name, VectorParams.newBuilder().setSize(3).setDistance(Distance.Dot).build())
        .get();
  }

  private static PointStruct point(long id, String colour, float... vector) {
    return PointStruct.newBuilder()
        .setId(id(id))
        .setVectors(vectors(vector))
        .putAllPayload(Map.of("colour", value(colour), "n", value(id)))
        .build();
  }

  @Test
  void collectionsAreCreatedListedAndDeleted() throws Exception {
    create("made");
    assertThat(client.collectionExistsAsync("made").get()).isTrue();
    assertThat(client.listCollectionsAsync().get()).contains("made");
    assertThat(
            client
                .getCollectionInfoAsync("made")
                .get()
                .getConfig()
                .getParams()
                .getVectorsConfig()
                .getParams()
                .getSize())
        .isEqualTo(3);
    client.createAliasAsync("also", "made").get();
    assertThat(client.getCollectionInfoAsync("also").get().getPointsCount()).isZero();
    client.deleteCollectionAsync("made").get();
    assertThat(client.collectionExistsAsync("made").get()).isFalse();
  }

  @Test
  void pointsAreWrittenReadSearchedFilteredAndDeleted() throws Exception {
    create("points");
    assertThat(
            client
                .upsertAsync(
                    "points",
                    List.of(
                        point(1, "red", 1, 0, 0),
                        point(2, "green", 0, 1, 0),
                        point(3, "red", 0, 0, 1)))
                .get()
                .getStatus())
        .isIn(UpdateStatus.Completed, UpdateStatus.Acknowledged);
    List<ScoredPoint> hits =
        client
            .queryAsync(
                QueryPoints.newBuilder()
                    .setCollectionName("points")
                    .setQuery(nearest(0.9f, 0.5f, 0.1f))
                    .setLimit(2)
                    .setWithPayload(enable(true))
                    .build())
            .get();
    assertThat(hits).extracting(hit -> hit.getId().getNum()).containsExactly(1L, 2L);
    assertThat(hits.getFirst().getPayloadMap()).containsEntry("colour", value("red"));

    Filter red =
        Filter.newBuilder().addMust(ConditionFactory.matchKeyword("colour", "red")).build();
    assertThat(client.countAsync("points", red, true).get()).isEqualTo(2);
    client.setPayloadAsync("points", Map.of("seen", value(true)), red, true, null, null).get();
    List<RetrievedPoint> read =
        client.retrieveAsync("points", List.of(id(3), id(2)), true, true, null).get();
    assertThat(read).extracting(found -> found.getId().getNum()).containsExactly(3L, 2L);
    assertThat(read.getFirst().getPayloadMap()).containsEntry("seen", value(true));
    assertThat(read.getLast().getPayloadMap()).doesNotContainKey("seen");

    client.deleteAsync("points", List.of(id(1))).get();
    assertThat(client.countAsync("points").get()).isEqualTo(2);
  }

  @Test
  void documentsAreFoundByTheirWords() throws Exception {
    client
        .createCollectionAsync(
            CreateCollection.newBuilder()
                .setCollectionName("texts")
                .setSparseVectorsConfig(
                    SparseVectorConfig.newBuilder()
                        .putMap(
                            "words",
                            SparseVectorParams.newBuilder().setModifier(Modifier.Idf).build()))
                .build())
        .get();
    client
        .upsertAsync(
            "texts",
            List.of(
                document(1, "Rivers run to the sea"),
                document(2, "A stone in the river, the running river"),
                document(3, "Streams of letters")))
        .get();
    QueryPoints.Builder river =
        QueryPoints.newBuilder()
            .setCollectionName("texts")
            .setUsing("words")
            .setQuery(nearest(words("the river")));
    assertThat(client.queryAsync(river.build()).get())
        .extracting(hit -> hit.getId().getNum())
        .containsExactly(2L, 1L);
    Document other = words("river").toBuilder().setModel("another").build();
    assertThatThrownBy(() -> client.queryAsync(river.setQuery(nearest(other)).build()).get())
        .hasMessageContaining("INVALID_ARGUMENT")
        .hasMessageContaining("model \"another\" is not served");
  }

  private static Document words(String text) {
    return Document.newBuilder().setText(text).setModel("qdrant/bm25").build();
  }

  private static PointStruct document(long id, String text) {
    return PointStruct.newBuilder()
        .setId(id(id))
        .setVectors(namedVectors(Map.of("words", vector(words(text)))))
        .build();
  }

  @Test
  void quantizationIsAskedForChangedAndRemoved() throws Exception {
    QuantizationConfig scalar =
        QuantizationConfig.newBuilder()
            .setScalar(
                ScalarQuantization.newBuilder()
                    .setType(QuantizationType.Int8)
                    .setQuantile(0.99f)
                    .setAlwaysRam(true))
            .build();
    TurboQuantization turbo =
        TurboQuantization.newBuilder().setBits(TurboQuantBitSize.Bits1_5).build();
    client
        .createCollectionAsync(
            CreateCollection.newBuilder()
                .setCollectionName("quantized")
                .setVectorsConfig(
                    VectorsConfig.newBuilder()
                        .setParams(VectorParams.newBuilder().setSize(3).setDistance(Distance.Dot)))
                .setQuantizationConfig(scalar)
                .build())
        .get();
    client
        .upsertAsync("quantized", List.of(point(1, "red", 1, 0, 0), point(2, "red", 0, 1, 0)))
        .get();
    assertThat(
            client
                .queryAsync(
                    QueryPoints.newBuilder()
                        .setCollectionName("quantized")
                        .setQuery(nearest(0.1f, 0.9f, 0))
                        .setParams(
                            SearchParams.newBuilder()
                                .setQuantization(
                                    QuantizationSearchParams.newBuilder()
                                        .setRescore(false)
                                        .setOversampling(2)))
                        .build())
                .get())
        .extracting(hit -> hit.getId().getNum())
        .containsExactly(2L, 1L);
    assertThat(quantized().getQuantizationConfig()).isEqualTo(scalar);

    client
        .updateCollectionAsync(
            UpdateCollection.newBuilder()
                .setCollectionName("quantized")
                .setQuantizationConfig(
                    QuantizationConfigDiff.newBuilder().setDisabled(Disabled.getDefaultInstance()))
                .setVectorsConfig(
                    VectorsConfigDiff.newBuilder()
                        .setParams(
                            VectorParamsDiff.newBuilder()
                                .setQuantizationConfig(
                                    QuantizationConfigDiff.newBuilder().setTurboquant(turbo))))
                .build())
        .get();
    assertThat(quantized().hasQuantizationConfig()).isFalse();
    assertThat(
            quantized()
                .getParams()
                .getVectorsConfig()
                .getParams()
                .getQuantizationConfig()
                .getTurboquant())
        .isEqualTo(turbo);
  }

  private CollectionConfig quantized() throws Exception {
    return client.getCollectionInfoAsync("quantized").get().getConfig();
  }

  @Test
  void whatIsWrongComesBackAsAStatus() throws Exception {
    create("picky");
    assertThatThrownBy(() -> client.upsertAsync("picky", List.of(point(1, "x", 1, 2))).get())
        .hasMessageContaining("INVALID_ARGUMENT")
        .hasMessageContaining("expected dim: 3, got 2");
    assertThatThrownBy(() -> client.countAsync("nowhere").get()).hasMessageContaining("NOT_FOUND");
  }

  @Test
  void fieldsAreDeclaredCountedAndDropped() throws Exception {
    create("declared");
    client
        .upsertAsync("declared", List.of(point(1, "Deep Blue", 1, 0, 0), point(2, "red", 0, 1, 0)))
        .get();
    Filter blue =
        Filter.newBuilder().addMust(ConditionFactory.matchText("colour", "blue deep")).build();
    assertThat(client.countAsync("declared", blue, true).get()).isZero();
    client
        .createPayloadIndexAsync(
            "declared", "colour", PayloadSchemaType.Text, null, true, null, null)
        .get();
    assertThat(client.countAsync("declared", blue, true).get()).isEqualTo(1);
    assertThat(client.getCollectionInfoAsync("declared").get().getPayloadSchemaMap().get("colour"))
        .returns(PayloadSchemaType.Text, PayloadSchemaInfo::getDataType)
        .returns(2L, PayloadSchemaInfo::getPoints);
    client.deletePayloadIndexAsync("declared", "colour", true, null, null).get();
    assertThat(client.countAsync("declared", blue, true).get()).isZero();
    assertThat(client.getCollectionInfoAsync("declared").get().getPayloadSchemaMap()).isEmpty();
  }

  @Test
  void anUpsertLeavesOutWhatItsConditionExcludes() throws Exception {
    create("conditional");
    client.upsertAsync("conditional", List.of(point(1, "red", 1, 0, 0))).get();
    Filter blue =
        Filter.newBuilder().addMust(ConditionFactory.matchKeyword("colour", "blue")).build();
    client
        .upsertAsync(
            UpsertPoints.newBuilder()
                .setCollectionName("conditional")
                .setWait(true)
                .setUpdateFilter(blue)
                .addPoints(point(1, "green", 0, 1, 0))
                .addPoints(point(2, "blue", 0, 0, 1))
                .build())
        .get();
    assertThat(client.countAsync("conditional", blue, true).get()).isEqualTo(1);
    Filter red =
        Filter.newBuilder().addMust(ConditionFactory.matchKeyword("colour", "red")).build();
    assertThat(client.countAsync("conditional", red, true).get()).isEqualTo(1);
  }

  @Test
  void aStrictCollectionRefusesWhatIsAboveItsLimits() throws Exception {
    create("strict");
    client
        .updateCollectionAsync(
            UpdateCollection.newBuilder()
                .setCollectionName("strict")
                .setStrictModeConfig(
                    StrictModeConfig.newBuilder()
                        .setEnabled(true)
                        .setUnindexedFilteringRetrieve(false)
                        .setWriteRateLimit(2))
                .build())
        .get();
    assertThat(client.getCollectionInfoAsync("strict").get().getConfig().getStrictModeConfig())
        .returns(2, StrictModeConfig::getWriteRateLimit);
    Filter red =
        Filter.newBuilder().addMust(ConditionFactory.matchKeyword("colour", "red")).build();
    assertThatThrownBy(() -> client.countAsync("strict", red, true).get())
        .hasMessageContaining("INVALID_ARGUMENT")
        .hasMessageContaining("Index required but not found for \"colour\"");
    client
        .createPayloadIndexAsync(
            "strict", "colour", PayloadSchemaType.Keyword, null, true, null, null)
        .get();
    assertThat(client.countAsync("strict", red, true).get()).isZero();
    List<PointStruct> two = List.of(point(1, "red", 1, 0, 0), point(2, "red", 0, 1, 0));
    client.upsertAsync("strict", two).get();
    assertThatThrownBy(() -> client.upsertAsync("strict", two).get())
        .hasMessageContaining("RESOURCE_EXHAUSTED")
        .hasMessageContaining("Write rate limit exceeded: Operation requires 2 tokens");
  }
}
