package dev.eddy.standalone.client;

import static dev.eddy.standalone.client.Expected.answer;
import static dev.eddy.standalone.client.Expected.completed;
import static dev.eddy.standalone.client.Expected.refused;
import static dev.eddy.standalone.client.Expected.scored;
import static io.qdrant.client.PointIdFactory.id;
import static io.qdrant.client.QueryFactory.nearest;
import static io.qdrant.client.ValueFactory.value;
import static io.qdrant.client.VectorFactory.vector;
import static io.qdrant.client.VectorsFactory.namedVectors;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.eddy.standalone.client.Expected.Scored;
import io.grpc.Status.Code;
import io.qdrant.client.QdrantClient;
import io.qdrant.client.grpc.Collections.AliasDescription;
import io.qdrant.client.grpc.Collections.AliasOperations;
import io.qdrant.client.grpc.Collections.CollectionInfo;
import io.qdrant.client.grpc.Collections.CreateShardKey;
import io.qdrant.client.grpc.Collections.CreateShardKeyRequest;
import io.qdrant.client.grpc.Collections.DeleteAlias;
import io.qdrant.client.grpc.Collections.DeleteShardKeyRequest;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.HnswConfigDiff;
import io.qdrant.client.grpc.Collections.IntegerIndexParams;
import io.qdrant.client.grpc.Collections.LocalShardInfo;
import io.qdrant.client.grpc.Collections.PayloadIndexParams;
import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import io.qdrant.client.grpc.Collections.UpdateCollection;
import io.qdrant.client.grpc.Collections.UpdateCollectionClusterSetupRequest;
import io.qdrant.client.grpc.Points.CreateVectorNameRequest;
import io.qdrant.client.grpc.Points.DeleteVectorNameRequest;
import io.qdrant.client.grpc.Points.DenseVectorCreationConfig;
import io.qdrant.client.grpc.Points.FacetCounts;
import io.qdrant.client.grpc.Points.FacetHit;
import io.qdrant.client.grpc.Points.PointVectors;
import io.qdrant.client.grpc.Points.QueryPoints;
import java.util.List;
import java.util.Map;

/** Collections, aliases, declared fields, names of vectors, and what is refused. */
final class CollectionSteps {
  private final QdrantClient client;

  CollectionSteps(QdrantClient client) {
    this.client = client;
  }

  void walk(String name) {
    assertThat(answer(client.healthCheckAsync()).getVersion()).startsWith("1.");
    assertThat(answer(client.createCollectionAsync(Library.settings(name))).getResult()).isTrue();
    assertThat(answer(client.collectionExistsAsync(name))).isTrue();
    assertThat(answer(client.listCollectionsAsync())).contains(name);
    CollectionInfo info = answer(client.getCollectionInfoAsync(name));
    assertThat(info.getPointsCount()).isZero();
    assertThat(info.getConfig().getParams().getShardNumber()).isEqualTo(2);
    assertThat(info.getConfig().getMetadataMap()).containsEntry("shelf", value(7));
    refused(
        client.createCollectionAsync(Library.settings(name)),
        Code.ALREADY_EXISTS,
        "already exists");
    UpdateCollection change =
        UpdateCollection.newBuilder()
            .setCollectionName(name)
            .setHnswConfig(HnswConfigDiff.newBuilder().setEfConstruct(80))
            .build();
    assertThat(answer(client.updateCollectionAsync(change)).getResult()).isTrue();
    assertThat(answer(client.getCollectionInfoAsync(name)).getConfig().getHnswConfig())
        .returns(8L, HnswConfigDiff::getM)
        .returns(80L, HnswConfigDiff::getEfConstruct);
    walkAliases(name);
    assertThat(answer(client.getCollectionClusterInfoAsync(name)).getLocalShardsList())
        .extracting(LocalShardInfo::getShardId)
        .containsExactly(0, 1);
    assertThat(answer(client.listShardKeysAsync(name))).isEmpty();
    answer(client.recreateCollectionAsync(name, Library.dot(2).build()));
    assertThat(
            answer(client.getCollectionInfoAsync(name))
                .getConfig()
                .getParams()
                .getVectorsConfig()
                .getParams()
                .getSize())
        .isEqualTo(2);
    assertThat(answer(client.deleteCollectionAsync(name)).getResult()).isTrue();
    refused(
        client.getCollectionInfoAsync(name),
        Code.NOT_FOUND,
        "Collection `" + name + "` doesn't exist!");
  }

  private void walkAliases(String name) {
    answer(client.createAliasAsync(name + "-alias", name));
    answer(client.renameAliasAsync(name + "-alias", name + "-other"));
    assertThat(answer(client.listCollectionAliasesAsync(name))).containsExactly(name + "-other");
    assertThat(answer(client.listAliasesAsync()))
        .extracting(AliasDescription::getAliasName, AliasDescription::getCollectionName)
        .contains(tuple(name + "-other", name));
    answer(client.deleteAliasAsync(name + "-other"));
    answer(client.createAliasAsync(name + "-last", name));
    DeleteAlias last = DeleteAlias.newBuilder().setAliasName(name + "-last").build();
    answer(
        client.updateAliasesAsync(
            List.of(AliasOperations.newBuilder().setDeleteAlias(last).build())));
    assertThat(answer(client.listCollectionAliasesAsync(name))).isEmpty();
  }

  /** On a collection with the points of the library. */
  void walkDeclarations(String name) {
    completed(
        client.createPayloadIndexAsync(
            name, "colour", PayloadSchemaType.Keyword, null, true, null, null));
    PayloadIndexParams range =
        PayloadIndexParams.newBuilder()
            .setIntegerIndexParams(IntegerIndexParams.newBuilder().setLookup(true).setRange(true))
            .build();
    completed(
        client.createPayloadIndexAsync(
            name, "n", PayloadSchemaType.Integer, range, true, null, null));
    completed(
        client.createPayloadIndexAsync(
            name, "price", PayloadSchemaType.Float, null, true, null, null));
    CollectionInfo declared = answer(client.getCollectionInfoAsync(name));
    assertThat(declared.getPayloadSchemaMap()).containsOnlyKeys("colour", "n", "price");
    assertThat(declared.getPayloadSchemaOrThrow("price").getPoints()).isEqualTo(3);
    FacetCounts colours =
        FacetCounts.newBuilder().setCollectionName(name).setKey("colour").setLimit(2).build();
    assertThat(answer(client.facetAsync(colours)))
        .extracting(hit -> hit.getValue().getStringValue(), FacetHit::getCount)
        .containsExactly(tuple("red", 3L), tuple("green", 2L));
    completed(client.deletePayloadIndexAsync(name, "price", true, null, null));
    assertThat(answer(client.getCollectionInfoAsync(name)).getPayloadSchemaMap())
        .containsOnlyKeys("colour", "n");
    walkVectorNames(name);
  }

  private void walkVectorNames(String name) {
    completed(
        client.createVectorNameAsync(
            CreateVectorNameRequest.newBuilder()
                .setCollectionName(name)
                .setVectorName("late")
                .setWait(true)
                .setDenseConfig(
                    DenseVectorCreationConfig.newBuilder()
                        .setSize(2)
                        .setDistance(Distance.Manhattan))
                .build()));
    PointVectors late =
        PointVectors.newBuilder()
            .setId(id(2))
            .setVectors(namedVectors(Map.of("late", vector(3, 4))))
            .build();
    completed(client.updateVectorsAsync(name, List.of(late)));
    QueryPoints query =
        QueryPoints.newBuilder()
            .setCollectionName(name)
            .setUsing("late")
            .setQuery(nearest(0, 0))
            .build();
    assertThat(scored(answer(client.queryAsync(query)))).containsExactly(new Scored(id(2), 7));
    completed(
        client.deleteVectorNameAsync(
            DeleteVectorNameRequest.newBuilder()
                .setCollectionName(name)
                .setVectorName("late")
                .setWait(true)
                .build()));
    refused(client.queryAsync(query), Code.INVALID_ARGUMENT, "Not existing vector name");
  }

  void walkRefusals(String name) {
    refused(client.createSnapshotAsync(name), Code.UNIMPLEMENTED, "Snapshots");
    refused(client.listSnapshotAsync(name), Code.UNIMPLEMENTED, "Snapshots");
    refused(client.deleteSnapshotAsync(name, "s"), Code.UNIMPLEMENTED, "Snapshots");
    refused(client.createFullSnapshotAsync(), Code.UNIMPLEMENTED, "Snapshots");
    refused(client.listFullSnapshotAsync(), Code.UNIMPLEMENTED, "Snapshots");
    refused(client.deleteFullSnapshotAsync("s"), Code.UNIMPLEMENTED, "Snapshots");
    CreateShardKeyRequest create =
        CreateShardKeyRequest.newBuilder()
            .setCollectionName(name)
            .setRequest(CreateShardKey.getDefaultInstance())
            .build();
    refused(client.createShardKeyAsync(create), Code.UNIMPLEMENTED, "standalone mode");
    DeleteShardKeyRequest delete =
        DeleteShardKeyRequest.newBuilder().setCollectionName(name).build();
    refused(client.deleteShardKeyAsync(delete), Code.UNIMPLEMENTED, "standalone mode");
    UpdateCollectionClusterSetupRequest move =
        UpdateCollectionClusterSetupRequest.newBuilder().setCollectionName(name).build();
    refused(client.updateCollectionClusterSetupAsync(move), Code.UNIMPLEMENTED, "standalone mode");
  }
}
