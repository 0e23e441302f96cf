package dev.eddy.query.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.SparseVectorParams;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.PointVectors;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import dev.eddy.query.world.World;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WriteGateTest {
  private static final CollectionSpec UNNAMED =
      CollectionSpec.of(Map.of("", VectorParams.of(2, Distance.DOT)));
  private static final CollectionSpec NAMED =
      CollectionSpec.of(Map.of("text", VectorParams.of(2, Distance.DOT)));

  @Test
  void aPointThatFitsPasses() {
    assertThatCode(() -> WriteGate.check(UNNAMED, upsert(Vectors.unnamed(1, 2))))
        .doesNotThrowAnyException();
    assertThatCode(() -> WriteGate.check(UNNAMED, upsert(Vectors.NONE))).doesNotThrowAnyException();
    assertThatCode(() -> WriteGate.check(NAMED, upsert(named("text", new Vector.Dense(of(1, 2))))))
        .doesNotThrowAnyException();
  }

  @Test
  void aWrongDimensionIsNamed() {
    EddyException failure = refused(UNNAMED, upsert(Vectors.unnamed(1, 2, 3)));
    assertThat(failure.code()).isEqualTo(ErrorCode.WRONG_INPUT);
    assertThat(failure).hasMessage("Wrong input: Vector dimension error: expected dim: 2, got 3");
  }

  @Test
  void anUnknownVectorNameIsNamed() {
    assertThat(refused(UNNAMED, upsert(named("x", new Vector.Dense(of(1, 2))))))
        .hasMessage("Wrong input: Not existing vector name error: x");
    assertThat(refused(NAMED, upsert(Vectors.unnamed(1, 2))))
        .hasMessage("Wrong input: Not existing vector name error: ");
    assertThat(
            refused(
                NAMED,
                new Update.DeleteVectors(
                    new PointSelection.Ids(List.of(PointId.of(1))), List.of("y"))))
        .hasMessage("Wrong input: Not existing vector name error: y");
  }

  @Test
  void aNumberThatIsNotFiniteIsNamedByItsPlace() {
    Point good = new Point(PointId.of(1), Vectors.unnamed(1, 2), Payload.EMPTY);
    Point bad = new Point(PointId.of(2), Vectors.unnamed(1, Float.NaN), Payload.EMPTY);
    EddyException failure = refused(UNNAMED, new Update.Upsert(List.of(good, bad)));
    assertThat(failure.code()).isEqualTo(ErrorCode.VALIDATION);
    assertThat(failure)
        .hasMessage("points[1].vector[1]: value NaN invalid, must be a finite number");
    assertThat(
            refused(
                NAMED,
                new Update.UpdateVectors(
                    List.of(
                        new PointVectors(
                            PointId.of(2),
                            named("text", new Vector.Dense(of(Float.NEGATIVE_INFINITY, 0))))))))
        .hasMessage("points[0].vector.text[0]: value -Infinity invalid, must be a finite number");
  }

  @Test
  void anEmptyVectorIsInvalid() {
    EddyException failure = refused(UNNAMED, upsert(Vectors.unnamed()));
    assertThat(failure.code()).isEqualTo(ErrorCode.VALIDATION);
    assertThat(failure).hasMessage("points[0].vector: dense vector must not be empty");
  }

  @Test
  void anUpdateOfNothingIsRefused() {
    PointSelection nothing = new PointSelection.Ids(List.of());
    for (Update update :
        List.of(
            new Update.Upsert(List.of()),
            new Update.Delete(nothing),
            new Update.ClearPayload(nothing),
            new Update.DeletePayload(nothing, List.of()),
            new Update.SetPayload(nothing, Payload.EMPTY, null),
            new Update.OverwritePayload(nothing, Payload.EMPTY))) {
      assertThat(refused(UNNAMED, update)).hasMessage("Bad request: Empty update request");
    }
    assertThat(refused(UNNAMED, new Update.UpdateVectors(List.of())).code())
        .isEqualTo(ErrorCode.VALIDATION);
    assertThat(
            refused(
                    UNNAMED,
                    new Update.DeleteVectors(
                        new PointSelection.Ids(List.of(PointId.of(1))), List.of()))
                .code())
        .isEqualTo(ErrorCode.VALIDATION);
  }

  @Test
  void everyFormIsHeldAgainstTheCollection() {
    Vector sparse = new Vector.Sparse(new int[] {7, 1}, of(1, 2));
    Vector rows = new Vector.Multi(new float[][] {of(1, 2), of(3, 4)});
    assertThat(refused(NAMED, upsert(named("text", sparse))))
        .hasMessage(
            "Wrong input: Wrong usage of sparse vectors: \"text\" is dense, and documents become"
                + " sparse vectors");
    assertThat(refused(UNNAMED, upsert(named("", sparse))).text())
        .contains("the unnamed vector is dense");
    assertThat(refused(NAMED, upsert(named("text", rows))))
        .hasMessage("Wrong input: Wrong usage of multi vectors");
    CollectionSpec spec =
        CollectionSpec.of(
                Map.of(
                    "rows",
                    VectorParams.multi(2, Distance.DOT),
                    "half",
                    new VectorParams(1, Distance.DOT, null, null, null, "float16")))
            .withSparseVectors(Map.of("terms", SparseVectorParams.DEFAULT));
    WriteGate.check(spec, upsert(new Vectors(Map.of("terms", sparse, "rows", rows))));
    WriteGate.check(spec, upsert(named("rows", new Vector.Dense(of(1, 2)))));
    WriteGate.check(spec, upsert(named("terms", new Vector.Sparse(new int[0], of()))));
    assertThat(refused(spec, upsert(named("terms", new Vector.Dense(of(1))))))
        .hasMessage("Wrong input: Wrong usage of sparse vectors");
    assertThat(refused(spec, upsert(named("terms", new Vector.Sparse(new int[] {1}, of(1, 2))))))
        .hasMessage(
            "points[0].vector.?.values: Validation error: must be the same length as indices [{}]");
    assertThat(refused(spec, upsert(named("terms", new Vector.Sparse(new int[] {1, 1}, of(1, 2))))))
        .hasMessage("points[0].vector.?.indices: Validation error: must be unique [{}]");
    assertThat(
            refused(spec, upsert(named("rows", new Vector.Multi(new float[][] {of(1, 2), of(3)})))))
        .hasMessageContaining("points[0].vector.rows[1]: all vectors must have the same dimension");
    assertThat(refused(spec, upsert(named("rows", new Vector.Multi(new float[][] {of(1)})))))
        .hasMessage("Wrong input: Vector dimension error: expected dim: 2, got 1");
    assertThat(refused(spec, upsert(named("half", new Vector.Dense(of(65_505))))))
        .hasMessageContaining("points[0].vector.half[0]: value 65505.0 invalid");
  }

  @Test
  void theSystemsOwnRecordsAreNoUpdatesOfClients() {
    assertThatThrownBy(() -> WriteGate.check(UNNAMED, new Update.Noop()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static EddyException refused(CollectionSpec spec, Update update) {
    return World.failureOf(() -> WriteGate.check(spec, update));
  }

  private static Update upsert(Vectors vectors) {
    return new Update.Upsert(List.of(new Point(PointId.of(1), vectors, Payload.EMPTY)));
  }

  private static Vectors named(String name, Vector vector) {
    return new Vectors(Map.of(name, vector));
  }

  private static float[] of(float... values) {
    return values;
  }
}
