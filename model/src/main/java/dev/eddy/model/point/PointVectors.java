package dev.eddy.model.point;

import static java.util.Objects.requireNonNull;

/** Vectors to put in place of those of the same names of an existing point. */
public record PointVectors(PointId id, Vectors vectors) {
  public PointVectors {
    requireNonNull(id, "id");
    requireNonNull(vectors, "vectors");
  }
}
