package dev.eddy.standalone.client;

import static dev.eddy.standalone.client.Expected.answer;
import static dev.eddy.standalone.client.Expected.completed;
import static dev.eddy.standalone.client.Expected.has;
import static dev.eddy.standalone.client.Expected.ids;
import static dev.eddy.standalone.client.Expected.refused;
import static io.qdrant.client.ConditionFactory.hasId;
import static io.qdrant.client.ConditionFactory.isNull;
import static io.qdrant.client.ConditionFactory.match;
import static io.qdrant.client.ConditionFactory.matchExceptValues;
import static io.qdrant.client.ConditionFactory.matchKeyword;
import static io.qdrant.client.ConditionFactory.matchKeywords;
import static io.qdrant.client.ConditionFactory.matchText;
import static io.qdrant.client.ConditionFactory.range;
import static io.qdrant.client.PointIdFactory.id;
import static io.qdrant.client.ValueFactory.list;
import static io.qdrant.client.ValueFactory.nullValue;
import static io.qdrant.client.ValueFactory.value;
import static io.qdrant.client.VectorFactory.multiVector;
import static io.qdrant.client.VectorFactory.vector;
import static io.qdrant.client.VectorsFactory.namedVectors;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status.Code;
import io.qdrant.client.QdrantClient;
import io.qdrant.client.VectorOutputHelper;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Common.Range;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.PointVectors;
import io.qdrant.client.grpc.Points.PointsIdsList;
import io.qdrant.client.grpc.Points.PointsSelector;
import io.qdrant.client.grpc.Points.PointsUpdateOperation;
import io.qdrant.client.grpc.Points.PointsUpdateOperation.ClearPayload;
import io.qdrant.client.grpc.Points.PointsUpdateOperation.DeletePayload;
import io.qdrant.client.grpc.Points.PointsUpdateOperation.DeletePoints;
import io.qdrant.client.grpc.Points.PointsUpdateOperation.DeleteVectors;
import io.qdrant.client.grpc.Points.PointsUpdateOperation.OverwritePayload;
import io.qdrant.client.grpc.Points.PointsUpdateOperation.PointStructList;
import io.qdrant.client.grpc.Points.PointsUpdateOperation.SetPayload;
import io.qdrant.client.grpc.Points.PointsUpdateOperation.UpdateVectors;
import io.qdrant.client.grpc.Points.ReadConsistency;
import io.qdrant.client.grpc.Points.ReadConsistencyType;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.ScrollResponse;
import io.qdrant.client.grpc.Points.UpdateResult;
import io.qdrant.client.grpc.Points.UpdateStatus;
import io.qdrant.client.grpc.Points.VectorsSelector;
import io.qdrant.client.grpc.Points.WriteOrderingType;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Points are written, read, changed and deleted. */
final class PointSteps {
  private final QdrantClient client;
  private final String name;

  PointSteps(QdrantClient client, String name) {
    this.client = client;
    this.name = name;
  }

  void write() {
    completed(client.upsertAsync(name, Library.points()));
    assertThat(answer(client.countAsync(name))).isEqualTo(6);
    ReadConsistency all = ReadConsistency.newBuilder().setType(ReadConsistencyType.All).build();
    List<RetrievedPoint> read =
        answer(client.retrieveAsync(name, List.of(Library.SIXTH, id(1), id(99)), true, true, all));
    assertThat(ids(read)).containsExactly(Library.SIXTH, id(1));
    assertThat(read.getLast().getPayloadMap()).isEqualTo(Library.payload(id(1)));
    var vectors = read.getLast().getVectors().getVectors().getVectorsMap();
    assertThat(vectors).containsOnlyKeys("plot", "words", "pages");
    assertThat(VectorOutputHelper.getDenseVector(vectors.get("plot")).getDataList())
        .containsExactly(1f, 0f, 0f);
    assertThat(VectorOutputHelper.getSparseVector(vectors.get("words")).getIndicesList())
        .containsExactly(1, 5);
    assertThat(VectorOutputHelper.getMultiVector(vectors.get("pages")).getVectorsCount())
        .isEqualTo(2);
    ScrollPoints.Builder four = ScrollPoints.newBuilder().setCollectionName(name).setLimit(4);
    ScrollResponse first = answer(client.scrollAsync(four.build()));
    ScrollResponse rest =
        answer(client.scrollAsync(four.setOffset(first.getNextPageOffset()).build()));
    assertThat(ids(first.getResultList())).isEqualTo(Library.IDS.subList(0, 4));
    assertThat(ids(rest.getResultList())).isEqualTo(Library.IDS.subList(4, 6));
    assertThat(rest.hasNextPageOffset()).isFalse();
    filter();
  }

  private void filter() {
    Map.of(
            has(matchKeyword("colour", "red")), List.of(id(1), id(3), Library.SIXTH),
            has(matchKeywords("colour", List.of("blue", "green"))), List.of(id(2), id(4), id(5)),
            has(matchExceptValues("n", List.of(1L, 2L, 3L, 4L))), List.of(id(5), Library.SIXTH),
            has(match("old", true)), List.of(id(2)),
            has(matchText("title", "quick")), List.of(id(1), id(4)),
            has(range("price", Range.newBuilder().setGt(10.5).build())), List.of(id(2)),
            has(isNull("gone")), List.of(id(5)),
            has(hasId(List.of(id(2), Library.SIXTH))), List.of(id(2), Library.SIXTH))
        .forEach(this::checkFilter);
  }

  private void checkFilter(Filter filter, List<PointId> expected) {
    ScrollPoints scroll =
        ScrollPoints.newBuilder().setCollectionName(name).setFilter(filter).build();
    assertThat(ids(answer(client.scrollAsync(scroll)).getResultList()))
        .as(filter.toString())
        .isEqualTo(expected);
  }

  private RetrievedPoint stored(PointId point) {
    return answer(client.retrieveAsync(name, point, true, true, null)).getFirst();
  }

  private Map<String, Value> payload(PointId point) {
    return stored(point).getPayloadMap();
  }

  void change() {
    Filter first = has(match("n", 1));
    PointsSelector chosen = PointsSelector.newBuilder().setFilter(first).build();
    Map<String, Value> lat = Map.of("lat", value(53.5));
    completed(client.setPayloadAsync(name, lat, chosen, true, "place", null, null));
    assertThat(payload(id(1)).get("place"))
        .isEqualTo(value(Map.of("lon", value(13.4), "lat", value(53.5))));
    Map<String, Value> only = Map.of("only", list(List.of(value(1), value(2.5), nullValue())));
    completed(
        client.overwritePayloadAsync(name, only, id(2), true, WriteOrderingType.Strong, null));
    assertThat(payload(id(2))).isEqualTo(only);
    completed(client.deletePayloadAsync(name, List.of("tags", "n"), id(3), true, null, null));
    assertThat(payload(id(3))).isEqualTo(Map.of("colour", value("red")));
    completed(
        client.clearPayloadAsync(name, has(matchKeyword("colour", "blue")), true, null, null));
    assertThat(payload(id(4))).isEmpty();
    completed(client.updateVectorsAsync(name, List.of(nines(1))));
    completed(client.deleteVectorsAsync(name, List.of("words"), List.of(id(1))));
    var vectors = stored(id(1)).getVectors().getVectors().getVectorsMap();
    assertThat(vectors).containsOnlyKeys("plot", "pages");
    assertThat(VectorOutputHelper.getDenseVector(vectors.get("plot")).getDataList())
        .containsExactly(9f, 9f, 9f);
    changeMany();
    completed(client.deleteAsync(name, has(match("b", 2))));
    assertThat(answer(client.countAsync(name))).isEqualTo(5);
    refuseWrongOnes();
  }

  private static PointVectors nines(long point) {
    return PointVectors.newBuilder()
        .setId(id(point))
        .setVectors(namedVectors(Map.of("plot", vector(9, 9, 9))))
        .build();
  }

  private void changeMany() {
    PointsSelector made = chosen(60);
    PointStruct point =
        PointStruct.newBuilder()
            .setId(id(60))
            .setVectors(namedVectors(Map.of("plot", vector(1, 2, 3))))
            .putPayload("a", value(1))
            .build();
    PointVectors pages =
        PointVectors.newBuilder()
            .setId(id(60))
            .setVectors(namedVectors(Map.of("pages", multiVector(new float[][] {{7, 7}}))))
            .build();
    VectorsSelector plot = VectorsSelector.newBuilder().addNames("plot").build();
    List<PointsUpdateOperation> operations =
        List.of(
            operation().setUpsert(PointStructList.newBuilder().addPoints(point)).build(),
            operation()
                .setSetPayload(
                    SetPayload.newBuilder().putPayload("b", value(2)).setPointsSelector(made))
                .build(),
            operation()
                .setDeletePayload(DeletePayload.newBuilder().addKeys("a").setPointsSelector(made))
                .build(),
            operation().setUpdateVectors(UpdateVectors.newBuilder().addPoints(pages)).build(),
            operation()
                .setDeleteVectors(
                    DeleteVectors.newBuilder().setPointsSelector(made).setVectors(plot))
                .build(),
            operation()
                .setOverwritePayload(
                    OverwritePayload.newBuilder()
                        .putPayload("z", value(1))
                        .setPointsSelector(chosen(3)))
                .build(),
            operation().setClearPayload(ClearPayload.newBuilder().setPoints(chosen(5))).build(),
            operation().setDeletePoints(DeletePoints.newBuilder().setPoints(chosen(4))).build());
    assertThat(answer(client.batchUpdateAsync(name, operations, true, null, null)))
        .hasSize(operations.size())
        .extracting(UpdateResult::getStatus)
        .containsOnly(UpdateStatus.Completed);
    assertThat(payload(id(60))).isEqualTo(Map.of("b", value(2)));
    assertThat(stored(id(60)).getVectors().getVectors().getVectorsMap().keySet())
        .isEqualTo(Set.of("pages"));
    assertThat(payload(id(3))).isEqualTo(Map.of("z", value(1)));
    assertThat(payload(id(5))).isEmpty();
  }

  private static PointsUpdateOperation.Builder operation() {
    return PointsUpdateOperation.newBuilder();
  }

  private static PointsSelector chosen(long point) {
    return PointsSelector.newBuilder()
        .setPoints(PointsIdsList.newBuilder().addIds(id(point)))
        .build();
  }

  private void refuseWrongOnes() {
    PointStruct wrong =
        PointStruct.newBuilder()
            .setId(id(1))
            .setVectors(namedVectors(Map.of("plot", vector(1, 2))))
            .build();
    refused(
        client.upsertAsync(name, List.of(wrong)), Code.INVALID_ARGUMENT, "expected dim: 3, got 2");
    // The client has overloads without a choice of points, which no server takes.
    Map<String, Value> payload = Map.of("a", value(1));
    refused(
        client.setPayloadAsync(name, payload, true, null, null), Code.INVALID_ARGUMENT, "point");
    refused(client.clearPayloadAsync(name, true, null, null), Code.INVALID_ARGUMENT, "oint");
  }
}
