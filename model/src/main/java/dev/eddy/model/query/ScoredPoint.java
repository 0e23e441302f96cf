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
 */
public record ScoredPoint(
    PointId id, long version, float score, @Nullable Payload payload, @Nullable Vectors vectors) {}
