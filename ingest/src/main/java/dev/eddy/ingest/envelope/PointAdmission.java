package dev.eddy.ingest.envelope;

import static dev.eddy.ingest.envelope.RejectionCode.MISSING_VECTOR;
import static dev.eddy.ingest.envelope.RejectionCode.UNKNOWN_VECTOR_NAME;
import static dev.eddy.ingest.envelope.RejectionCode.WRONG_DIMENSION;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import java.util.Map;

/** Whether a point fits its collection. Pure. */
public final class PointAdmission {
  private PointAdmission() {}

  /**
   * Checks names and dimensions of a point's vectors.
   *
   * @throws RejectedException naming the vector, what was expected and what came
   */
  public static void check(CollectionSpec spec, Point point) throws RejectedException {
    for (Map.Entry<String, Vector> entry : point.vectors().byName().entrySet()) {
      String name = entry.getKey();
      VectorParams params = spec.vector(name).orElse(null);
      if (params == null) {
        throw unknownName(spec, name);
      }
      int dimension =
          switch (entry.getValue()) {
            case Vector.Dense dense -> dense.values().length;
            case Vector.Sparse ignored -> throw unknownName(spec, name);
            case Vector.Multi ignored -> throw unknownName(spec, name);
          };
      if (dimension != params.size()) {
        throw new RejectedException(
            WRONG_DIMENSION,
            "vector%s: expected %d dimensions, got %d"
                .formatted(name.isEmpty() ? "" : "." + name, params.size(), dimension));
      }
    }
  }

  private static RejectedException unknownName(CollectionSpec spec, String name) {
    return name.equals(Vectors.UNNAMED)
        ? new RejectedException(
            MISSING_VECTOR,
            "vector: has no name, the collection's vectors are " + spec.vectors().keySet())
        : new RejectedException(
            UNKNOWN_VECTOR_NAME,
            "vector.%s: unknown, the collection has %s"
                .formatted(
                    name,
                    spec.vectors().containsKey(Vectors.UNNAMED)
                        ? "one unnamed vector"
                        : spec.vectors().keySet()));
  }
}
