package dev.eddy.model.point;

import static java.util.Objects.requireNonNull;

/** A point as a client writes it: it replaces the whole point of that id. */
public record Point(PointId id, Vectors vectors, Payload payload) {
  public Point {
    requireNonNull(id, "id");
    requireNonNull(vectors, "vectors");
    requireNonNull(payload, "payload");
  }
}
