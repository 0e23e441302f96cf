package dev.eddy.ingest.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.SparseVectorParams;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PointAdmissionTest {
  private static final CollectionSpec UNNAMED =
      CollectionSpec.of(Map.of("", VectorParams.of(2, Distance.DOT)));
  private static final CollectionSpec NAMED =
      CollectionSpec.of(
          Map.of("a", VectorParams.of(2, Distance.DOT), "b", VectorParams.of(1, Distance.DOT)));

  private static Point point(Vectors vectors) {
    return new Point(PointId.of(1), vectors, Payload.EMPTY);
  }

  private static Point named(String name, float... values) {
    return point(new Vectors(Map.of(name, new Vector.Dense(values))));
  }

  @Test
  void anySubsetOfTheNamesFits() {
    assertThatCode(() -> PointAdmission.check(UNNAMED, point(Vectors.unnamed(1, 2))))
        .doesNotThrowAnyException();
    assertThatCode(() -> PointAdmission.check(NAMED, named("b", 1))).doesNotThrowAnyException();
    assertThatCode(() -> PointAdmission.check(NAMED, point(Vectors.NONE)))
        .doesNotThrowAnyException();
  }

  @Test
  void whatDoesNotFitSaysWhatWasExpected() {
    refused(
        UNNAMED,
        point(Vectors.unnamed(1, 2, 3)),
        RejectionCode.WRONG_DIMENSION,
        "expected 2 dimensions, got 3");
    refused(NAMED, named("a", 1), RejectionCode.WRONG_DIMENSION, "vector.a");
    refused(NAMED, point(Vectors.unnamed(1)), RejectionCode.MISSING_VECTOR, "[a, b]");
    refused(NAMED, named("c", 1), RejectionCode.UNKNOWN_VECTOR_NAME, "vector.c");
    refused(UNNAMED, named("c", 1), RejectionCode.UNKNOWN_VECTOR_NAME, "one unnamed vector");
  }

  @Test
  void everyFormIsHeldAgainstTheCollection() {
    CollectionSpec spec =
        CollectionSpec.of(Map.of("m", VectorParams.multi(2, Distance.DOT)))
            .withSparseVectors(Map.of("s", SparseVectorParams.DEFAULT));
    Vector sparse = new Vector.Sparse(new int[] {3, 1}, new float[] {1, 2});
    Vector rows = new Vector.Multi(new float[][] {{1, 2}, {3, 4}});
    assertThatCode(
            () -> PointAdmission.check(spec, point(new Vectors(Map.of("s", sparse, "m", rows)))))
        .doesNotThrowAnyException();
    assertThatCode(() -> PointAdmission.check(spec, named("m", 1, 2))).doesNotThrowAnyException();
    refused(spec, vector("m", sparse), RejectionCode.INVALID_VECTOR, "sparse");
    refused(spec, vector("s", rows), RejectionCode.INVALID_VECTOR, "multi");
    refused(
        spec,
        vector("s", new Vector.Sparse(new int[] {3, 3}, new float[] {1, 2})),
        RejectionCode.INVALID_VECTOR,
        "unique");
    refused(
        spec,
        vector("s", new Vector.Sparse(new int[] {3}, new float[] {1, 2})),
        RejectionCode.INVALID_VECTOR,
        "same length");
    refused(
        spec,
        vector("m", new Vector.Multi(new float[][] {{1, 2}, {3}})),
        RejectionCode.INVALID_VECTOR,
        "same dimension");
    refused(
        spec,
        vector("m", new Vector.Multi(new float[][] {{1}})),
        RejectionCode.WRONG_DIMENSION,
        "expected 2 dimensions, got 1");
  }

  private static Point vector(String name, Vector vector) {
    return point(new Vectors(Map.of(name, vector)));
  }

  private static void refused(CollectionSpec spec, Point point, RejectionCode code, String said) {
    assertThatThrownBy(() -> PointAdmission.check(spec, point))
        .isInstanceOfSatisfying(
            RejectedException.class,
            rejected -> {
              assertThat(rejected.code()).isEqualTo(code);
              assertThat(rejected.reason()).contains(said);
            });
  }
}
