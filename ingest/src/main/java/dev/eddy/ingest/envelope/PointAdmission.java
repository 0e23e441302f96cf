package dev.eddy.ingest.envelope;

import static dev.eddy.ingest.envelope.RejectionCode.INVALID_VECTOR;
import static dev.eddy.ingest.envelope.RejectionCode.MISSING_VECTOR;
import static dev.eddy.ingest.envelope.RejectionCode.UNKNOWN_VECTOR_NAME;
import static dev.eddy.ingest.envelope.RejectionCode.WRONG_DIMENSION;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.VectorRules;
import dev.eddy.model.collection.VectorRules.Problem;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import java.util.Map;
import java.util.Set;

/** Whether a point fits its collection. Pure. */
public final class PointAdmission {
  private PointAdmission() {}

  /**
   * Checks names, forms and dimensions of a point's vectors.
   *
   * @throws RejectedException naming the vector, what was expected and what came
   */
  public static void check(CollectionSpec spec, Point point) throws RejectedException {
    for (Map.Entry<String, Vector> entry : point.vectors().byName().entrySet()) {
      String name = entry.getKey();
      String path = "vector" + (name.isEmpty() ? "" : "." + name);
      Problem problem = VectorRules.problem(spec, name, entry.getValue()).orElse(null);
      switch (problem) {
        case null -> {}
        case Problem.UnknownName ignored -> throw unknownName(spec, name);
        case Problem.WrongForm(String text) ->
            throw new RejectedException(INVALID_VECTOR, path + ": " + text);
        case Problem.WrongDimension(int expected, int got) ->
            throw new RejectedException(
                WRONG_DIMENSION,
                "%s: expected %d dimensions, got %d".formatted(path, expected, got));
        case Problem.BrokenRule(String place, String text) ->
            throw new RejectedException(INVALID_VECTOR, path + place + ": " + text);
      }
    }
  }

  private static RejectedException unknownName(CollectionSpec spec, String name) {
    return name.equals(Vectors.UNNAMED)
        ? new RejectedException(
            MISSING_VECTOR,
            "vector: has no name, the collection's vectors are " + spec.vectorNames())
        : new RejectedException(
            UNKNOWN_VECTOR_NAME,
            "vector.%s: unknown, the collection has %s"
                .formatted(
                    name,
                    spec.vectorNames().equals(Set.of(Vectors.UNNAMED))
                        ? "one unnamed vector"
                        : spec.vectorNames()));
  }
}
