package dev.eddy.model.query;

import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vectors;
import org.jspecify.annotations.Nullable;

/**
 * A hit as the API gives it.
 *
 * @param score the API's score: a distance for Euclid and Manhattan
 * @param payload null when not selected
 * @param vectors null when not selected
 * @param order the value it is ordered by, or null
 */
public record ScoredPoint(
    PointId id,
    long version,
    float score,
    @Nullable Payload payload,
    @Nullable Vectors vectors,
    @Nullable OrderValue order) {

  /** A hit that is ordered by its score. */
  public ScoredPoint(
      PointId id, long version, float score, @Nullable Payload payload, @Nullable Vectors vectors) {
    this(id, version, score, payload, vectors, null);
  }
}
