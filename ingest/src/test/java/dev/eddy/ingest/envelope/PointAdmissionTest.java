package dev.eddy.ingest.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
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
