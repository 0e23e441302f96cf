package dev.eddy.model.query;

import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vector;

/** Something to compare points with. */
public sealed interface Example {

  /** The stored vector of a point. */
  record ById(PointId id) implements Example {}

  /** A vector as the client sent it; finite. */
  record ByVector(Vector vector) implements Example {}
}
