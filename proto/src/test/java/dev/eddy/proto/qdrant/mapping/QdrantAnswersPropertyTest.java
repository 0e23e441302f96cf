package dev.eddy.proto.qdrant.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonArray;
import dev.eddy.model.json.JsonValue.JsonDouble;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.JsonValue.JsonUnsigned;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.query.ScoredPoint;
import dev.eddy.proto.RandomModel;
import dev.eddy.proto.qdrant.RetrievedPoint;
import dev.eddy.proto.qdrant.Value;
import dev.eddy.proto.qdrant.VectorsOutput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class QdrantAnswersPropertyTest {
  private static final int ROUNDS = 1_000;

  @Test
  void aPayloadComesBackWithItsNumbersAndTheOrderOfItsKeys() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      JsonObject object = new RandomModel(new Random(seed)).object(3);
      Payload back = QdrantValues.payload(QdrantValues.members(object));
      JsonObject expected = (JsonObject) withoutUnsigned(object);
      assertThat(back).as("seed %d", seed).isEqualTo(Payload.of(expected));
    }
  }

  /** What the contract can't say, an integer of 64 bits without a sign, becomes a double. */
  private static JsonValue withoutUnsigned(JsonValue value) {
    return switch (value) {
      case JsonUnsigned number -> new JsonDouble(number.asDouble());
      case JsonArray array ->
          new JsonArray(
              array.elements().stream().map(QdrantAnswersPropertyTest::withoutUnsigned).toList());
      case JsonObject object -> {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        object.members().forEach((key, each) -> members.put(key, withoutUnsigned(each)));
        yield new JsonObject(members);
      }
      default -> value;
    };
  }

  @Test
  void aValueOfNoKindIsNullAndANumberThatJsonHasNotIsRefused() {
    assertThat(JsonCodec.text(QdrantValues.json(Value.getDefaultInstance()))).isEqualTo("null");
    Value nan = Value.newBuilder().setDoubleValue(Double.NaN).build();
    assertThatThrownBy(() -> QdrantValues.json(nan))
        .isInstanceOf(EddyException.class)
        .hasMessageContaining("NaN");
  }

  @Test
  void idsComeBackEqual() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      PointId id = new RandomModel(new Random(seed)).id();
      assertThat(QdrantPoints.id(QdrantAnswers.id(id), "id")).isEqualTo(id);
    }
  }

  @Test
  void vectorsAreAnsweredAloneOrByName() {
    VectorsOutput alone = QdrantAnswers.vectors(Vectors.unnamed(1f, 2f));
    assertThat(alone.getVector().getDense().getDataList()).containsExactly(1f, 2f);
    VectorsOutput named =
        QdrantAnswers.vectors(
            new Vectors(
                Map.of(
                    "m", new Vector.Multi(new float[][] {{1f}, {2f}}),
                    "s", new Vector.Sparse(new int[] {3}, new float[] {4f}))));
    assertThat(named.getVectors().getVectorsOrThrow("m").getMultiDense().getVectorsCount())
        .isEqualTo(2);
    assertThat(named.getVectors().getVectorsOrThrow("s").getSparse().getIndicesList())
        .isEqualTo(List.of(3));
    assertThat(QdrantAnswers.vectors(Vectors.NONE).hasVectors()).isTrue();
  }

  @Test
  void whatWasNotSelectedIsNotInTheAnswer() {
    PointId id = PointId.of(1);
    RetrievedPoint bare = QdrantAnswers.retrieved(new StoredPoint(id, 5, null, null));
    assertThat(bare.getPayloadCount()).isZero();
    assertThat(bare.hasVectors()).isFalse();
    Payload payload = Payload.of(new JsonObject(Map.of("n", new JsonDouble(1.5))));
    dev.eddy.proto.qdrant.ScoredPoint hit =
        QdrantAnswers.scored(new ScoredPoint(id, 5, 0.25f, payload, Vectors.unnamed(1f)));
    assertThat(hit.getVersion()).isEqualTo(5);
    assertThat(hit.getScore()).isEqualTo(0.25f);
    assertThat(hit.getPayloadOrThrow("n").getDoubleValue()).isEqualTo(1.5);
    assertThat(hit.getVectors().getVector().getDense().getDataList()).containsExactly(1f);
  }
}
