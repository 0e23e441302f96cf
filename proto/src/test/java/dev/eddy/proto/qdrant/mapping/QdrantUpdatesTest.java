package dev.eddy.proto.qdrant.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import dev.eddy.proto.qdrant.ClearPayloadPoints;
import dev.eddy.proto.qdrant.Condition;
import dev.eddy.proto.qdrant.DeletePayloadPoints;
import dev.eddy.proto.qdrant.DeletePointVectors;
import dev.eddy.proto.qdrant.DeletePoints;
import dev.eddy.proto.qdrant.DenseVector;
import dev.eddy.proto.qdrant.Document;
import dev.eddy.proto.qdrant.Filter;
import dev.eddy.proto.qdrant.Image;
import dev.eddy.proto.qdrant.InferenceObject;
import dev.eddy.proto.qdrant.IsNullCondition;
import dev.eddy.proto.qdrant.MultiDenseVector;
import dev.eddy.proto.qdrant.PointStruct;
import dev.eddy.proto.qdrant.PointsIdsList;
import dev.eddy.proto.qdrant.PointsSelector;
import dev.eddy.proto.qdrant.PointsUpdateOperation;
import dev.eddy.proto.qdrant.SetPayloadPoints;
import dev.eddy.proto.qdrant.ShardKeySelector;
import dev.eddy.proto.qdrant.SparseIndices;
import dev.eddy.proto.qdrant.SparseVector;
import dev.eddy.proto.qdrant.UpdateBatchPoints;
import dev.eddy.proto.qdrant.UpdateMode;
import dev.eddy.proto.qdrant.UpdatePointVectors;
import dev.eddy.proto.qdrant.UpsertPoints;
import dev.eddy.proto.qdrant.Value;
import dev.eddy.proto.qdrant.Vector;
import dev.eddy.proto.qdrant.VectorsSelector;
import dev.eddy.text.inference.Inference;
import dev.eddy.text.inference.Purpose;
import io.qdrant.client.PointIdFactory;
import io.qdrant.client.ValueFactory;
import io.qdrant.client.VectorsFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation") // Older clients send deprecated fields.
final class QdrantUpdatesTest {
  private static final PointsSelector SEVEN =
      PointsSelector.newBuilder()
          .setPoints(
              PointsIdsList.newBuilder()
                  .addIds(dev.eddy.proto.qdrant.PointId.newBuilder().setNum(7)))
          .build();
  private static final PointSelection SELECTED = new PointSelection.Ids(List.of(PointId.of(7)));
  private static final Map<String, Value> MEMBERS =
      Map.of("n", Value.newBuilder().setIntegerValue(1).build());
  private static final Payload PAYLOAD = new Payload("{\"n\":1}".getBytes(StandardCharsets.UTF_8));

  @Test
  void anUpsertOfTheUnmodifiedClientArrivesWhole() throws InvalidProtocolBufferException {
    io.qdrant.client.grpc.Points.UpsertPoints sent =
        io.qdrant.client.grpc.Points.UpsertPoints.newBuilder()
            .setCollectionName("c")
            .addPoints(
                io.qdrant.client.grpc.Points.PointStruct.newBuilder()
                    .setId(PointIdFactory.id(7))
                    .setVectors(VectorsFactory.vectors(1f, 2f))
                    .putPayload("n", ValueFactory.value(1)))
            .build();
    UpsertPoints message = UpsertPoints.parseFrom(sent.toByteString());
    assertThat(QdrantUpdates.upsert(message))
        .isEqualTo(
            new Update.Upsert(List.of(new Point(PointId.of(7), Vectors.unnamed(1f, 2f), PAYLOAD))));
  }

  @Test
  void theFlatFormOfOldClientsIsADenseVector() {
    UpsertPoints message = upsert(Vector.newBuilder().addData(1).addData(2));
    assertThat(QdrantUpdates.upsert(message))
        .isEqualTo(
            new Update.Upsert(
                List.of(new Point(PointId.of(7), Vectors.unnamed(1f, 2f), Payload.EMPTY))));
  }

  @Test
  void sparseVectorsAndMultivectorsArriveInBothForms() {
    var sparse = new dev.eddy.model.point.Vector.Sparse(new int[] {3, -1}, new float[] {1f, 2f});
    var multi = new dev.eddy.model.point.Vector.Multi(new float[][] {{1f, 2f}, {3f, 4f}});
    assertThat(
            unnamed(
                Vector.newBuilder()
                    .addAllData(List.of(1f, 2f))
                    .setIndices(SparseIndices.newBuilder().addAllData(List.of(3, -1)))))
        .isEqualTo(sparse);
    assertThat(
            unnamed(
                Vector.newBuilder()
                    .setSparse(
                        SparseVector.newBuilder()
                            .addAllIndices(List.of(3, -1))
                            .addAllValues(List.of(1f, 2f)))))
        .isEqualTo(sparse);
    assertThat(unnamed(Vector.newBuilder().addAllData(List.of(1f, 2f, 3f, 4f)).setVectorsCount(2)))
        .isEqualTo(multi);
    assertThat(
            unnamed(
                Vector.newBuilder()
                    .setMultiDense(
                        MultiDenseVector.newBuilder()
                            .addVectors(DenseVector.newBuilder().addAllData(List.of(1f, 2f)))
                            .addVectors(DenseVector.newBuilder().addAllData(List.of(3f, 4f))))))
        .isEqualTo(multi);
    refused(
        () -> unnamed(Vector.newBuilder().addAllData(List.of(1f, 2f, 3f)).setVectorsCount(2)),
        ErrorCode.VALIDATION,
        "points[0].vectors.vector.vectors_count");
  }

  private static dev.eddy.model.point.@Nullable Vector unnamed(Vector.Builder vector) {
    return ((Update.Upsert) QdrantUpdates.upsert(upsert(vector)))
        .points()
        .getFirst()
        .vectors()
        .byName()
        .get("");
  }

  @Test
  void aDocumentIsTheSparseVectorOfItsTokens() {
    Document.Builder document =
        Document.newBuilder().setText("Hello hello World").setModel("qdrant/bm25");
    assertThat(unnamed(Vector.newBuilder().setDocument(document)))
        .isEqualTo(
            Inference.vector(
                new dev.eddy.text.inference.Document(
                    "Hello hello World", Inference.BM25, JsonObject.EMPTY),
                Purpose.STORED,
                ""));
    Document.Builder plain =
        document
            .putOptions("k", Value.newBuilder().setIntegerValue(0).build())
            .putOptions("lowercase", Value.newBuilder().setBoolValue(false).build());
    assertThat(unnamed(Vector.newBuilder().setDocument(plain)))
        .isEqualTo(
            new dev.eddy.model.point.Vector.Sparse(
                new int[] {316_307_400, 613_153_351, 1_992_258_367}, new float[] {1f, 1f, 1f}));
  }

  @Test
  void whatNoModelIsServedForIsRefusedByName() {
    refused(
        () -> unnamed(Vector.newBuilder().setDocument(Document.newBuilder().setText("a"))),
        ErrorCode.VALIDATION,
        "points[0].vectors.vector.document.model: value \"\" invalid, must be at least 1"
            + " characters");
    refused(
        () ->
            unnamed(
                Vector.newBuilder()
                    .setDocument(Document.newBuilder().setText("a").setModel("other"))),
        ErrorCode.INFERENCE,
        "Inference error: points[0].vectors.vector.document: model \"other\" is not served");
    refused(
        () -> unnamed(Vector.newBuilder().setImage(Image.newBuilder().setModel("qdrant/bm25"))),
        ErrorCode.INFERENCE,
        "Inference error: points[0].vectors.vector.image: an image can't be made a vector");
    refused(
        () -> unnamed(Vector.newBuilder().setObject(InferenceObject.getDefaultInstance())),
        ErrorCode.INFERENCE,
        "Inference error: points[0].vectors.vector.object: an object can't be made a vector");
  }

  @Test
  void whatAPointLacksIsNamed() {
    refused(
        () -> QdrantUpdates.upsert(upsert(Vector.newBuilder())),
        ErrorCode.VALIDATION,
        "points[0].vectors.vector: dense vector must not be empty");
    refused(
        () ->
            QdrantUpdates.upsert(
                UpsertPoints.newBuilder().addPoints(PointStruct.newBuilder()).build()),
        ErrorCode.WRONG_INPUT,
        "points[0].vectors");
    refused(
        () ->
            QdrantUpdates.upsert(
                upsert(Vector.newBuilder().addData(1)).toBuilder()
                    .setPoints(
                        0,
                        upsert(Vector.newBuilder().addData(1)).getPoints(0).toBuilder().clearId())
                    .build()),
        ErrorCode.WRONG_INPUT,
        "points[0].id is not set");
  }

  @Test
  void everyOperationComesDownToItsUpdate() {
    assertThat(QdrantUpdates.delete(DeletePoints.newBuilder().setPoints(SEVEN).build()))
        .isEqualTo(new Update.Delete(SELECTED));
    assertThat(
            QdrantUpdates.setPayload(
                SetPayloadPoints.newBuilder()
                    .setPointsSelector(SEVEN)
                    .putAllPayload(MEMBERS)
                    .setKey("a.b")
                    .build()))
        .isEqualTo(new Update.SetPayload(SELECTED, PAYLOAD, KeyPath.parse("a.b")));
    assertThat(
            QdrantUpdates.overwritePayload(
                SetPayloadPoints.newBuilder()
                    .setPointsSelector(SEVEN)
                    .putAllPayload(MEMBERS)
                    .setKey("a.b")
                    .build()))
        .isEqualTo(new Update.OverwritePayload(SELECTED, PAYLOAD));
    assertThat(
            QdrantUpdates.deletePayload(
                DeletePayloadPoints.newBuilder().setPointsSelector(SEVEN).addKeys("a").build()))
        .isEqualTo(new Update.DeletePayload(SELECTED, List.of(KeyPath.parse("a"))));
    PointsSelector any = PointsSelector.newBuilder().setFilter(Filter.getDefaultInstance()).build();
    assertThat(QdrantUpdates.clearPayload(ClearPayloadPoints.newBuilder().setPoints(any).build()))
        .isEqualTo(
            new Update.ClearPayload(new PointSelection.Matching(dev.eddy.model.filter.Filter.ANY)));
    assertThat(
            QdrantUpdates.deleteVectors(
                DeletePointVectors.newBuilder()
                    .setPointsSelector(SEVEN)
                    .setVectors(VectorsSelector.newBuilder().addNames(""))
                    .build()))
        .isEqualTo(new Update.DeleteVectors(SELECTED, List.of("")));
  }

  @Test
  void everyOperationOfABatchIsTakenUpOrRefusedByName() throws InvalidProtocolBufferException {
    Set<String> seen = new TreeSet<>();
    for (FieldDescriptor variant :
        PointsUpdateOperation.getDescriptor().getOneofs().getFirst().getFields()) {
      DynamicMessage dynamic =
          DynamicMessage.newBuilder(PointsUpdateOperation.getDescriptor())
              .setField(variant, DynamicMessage.getDefaultInstance(variant.getMessageType()))
              .build();
      UpdateBatchPoints batch =
          UpdateBatchPoints.newBuilder()
              .addOperations(PointsUpdateOperation.parseFrom(dynamic.toByteString()))
              .build();
      seen.add(variant.getName());
      if (variant.getName().equals("upsert")) {
        assertThat(QdrantUpdates.batch(batch)).containsExactly(new Update.Upsert(List.of()));
      } else {
        // An empty operation selects nothing, and says where.
        assertThatThrownBy(() -> QdrantUpdates.batch(batch))
            .isInstanceOf(EddyException.class)
            .hasMessageContaining("operations[0]." + variant.getName());
      }
    }
    assertThat(seen).hasSize(10);
    UpdateBatchPoints unset =
        UpdateBatchPoints.newBuilder()
            .addOperations(PointsUpdateOperation.getDefaultInstance())
            .build();
    refused(() -> QdrantUpdates.batch(unset), ErrorCode.WRONG_INPUT, "operations[0] is not set");
    assertThat(QdrantUpdates.batch(UpdateBatchPoints.getDefaultInstance())).isEmpty();
  }

  @Test
  void theDeprecatedOperationsOfABatchStillWork() {
    UpdateBatchPoints batch =
        UpdateBatchPoints.newBuilder()
            .addOperations(PointsUpdateOperation.newBuilder().setDeleteDeprecated(SEVEN))
            .addOperations(PointsUpdateOperation.newBuilder().setClearPayloadDeprecated(SEVEN))
            .build();
    assertThat(QdrantUpdates.batch(batch))
        .containsExactly(new Update.Delete(SELECTED), new Update.ClearPayload(SELECTED));
  }

  @Test
  void whatIsNotBuiltIsRefusedByName() {
    UpsertPoints.Builder upsert = UpsertPoints.newBuilder();
    unbuilt(
        () ->
            QdrantUpdates.upsert(
                upsert.clone().setShardKeySelector(ShardKeySelector.newBuilder()).build()),
        "shard_key_selector");
  }

  @Test
  void conditionsOfAnUpdateAreKept() {
    UpsertPoints.Builder upsert = UpsertPoints.newBuilder();
    Update.Upsert nothing = new Update.Upsert(List.of());
    Filter filter =
        Filter.newBuilder()
            .addMust(Condition.newBuilder().setIsNull(IsNullCondition.newBuilder().setKey("gone")))
            .build();
    dev.eddy.model.filter.Filter known = QdrantFilters.filter(filter, "update_filter");
    assertThat(QdrantUpdates.upsert(upsert.clone().setUpdateMode(UpdateMode.Upsert).build()))
        .isEqualTo(nothing);
    assertThat(QdrantUpdates.upsert(upsert.clone().setUpdateFilter(filter).build()))
        .isEqualTo(new Update.Conditional(nothing, dev.eddy.model.update.UpdateMode.UPSERT, known));
    assertThat(QdrantUpdates.upsert(upsert.clone().setUpdateMode(UpdateMode.InsertOnly).build()))
        .isEqualTo(
            new Update.Conditional(nothing, dev.eddy.model.update.UpdateMode.INSERT_ONLY, null));
    assertThat(QdrantUpdates.upsert(upsert.clone().setUpdateMode(UpdateMode.UpdateOnly).build()))
        .isEqualTo(
            new Update.Conditional(nothing, dev.eddy.model.update.UpdateMode.UPDATE_ONLY, null));
    refused(
        () -> QdrantUpdates.upsert(upsert.clone().setUpdateModeValue(9).build()),
        ErrorCode.WRONG_INPUT,
        "update_mode");
  }

  @Test
  void aSelectionThatSelectsNothingIsRefused() {
    refused(
        () -> QdrantUpdates.setPayload(SetPayloadPoints.getDefaultInstance()),
        ErrorCode.BAD_REQUEST,
        "Either list of point ids or filter must be provided");
    refused(
        () ->
            QdrantUpdates.delete(
                DeletePoints.newBuilder().setPoints(PointsSelector.newBuilder()).build()),
        ErrorCode.WRONG_INPUT,
        "points is not set");
    refused(
        () ->
            QdrantUpdates.deleteVectors(
                DeletePointVectors.newBuilder().setPointsSelector(SEVEN).build()),
        ErrorCode.VALIDATION,
        "must specify vector names to delete");
    refused(
        () -> QdrantUpdates.updateVectors(UpdatePointVectors.getDefaultInstance()),
        ErrorCode.VALIDATION,
        "must specify points to update");
  }

  private static UpsertPoints upsert(Vector.Builder vector) {
    return UpsertPoints.newBuilder()
        .addPoints(
            PointStruct.newBuilder()
                .setId(dev.eddy.proto.qdrant.PointId.newBuilder().setNum(7))
                .setVectors(dev.eddy.proto.qdrant.Vectors.newBuilder().setVector(vector)))
        .build();
  }

  private static void unbuilt(Supplier<?> call, String text) {
    refused(call, ErrorCode.NOT_IMPLEMENTED, text);
  }

  private static void refused(Supplier<?> call, ErrorCode code, String text) {
    assertThatThrownBy(call::get)
        .isInstanceOfSatisfying(
            EddyException.class, e -> assertThat(e.code()).as(e.text()).isEqualTo(code))
        .hasMessageContaining(text);
  }
}
