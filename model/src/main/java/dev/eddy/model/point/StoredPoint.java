package dev.eddy.model.point;

import org.jspecify.annotations.Nullable;

/**
 * A point as it is read back.
 *
 * @param version offset of the update that last changed it
 * @param payload null when the reader did not select it
 * @param vectors null when the reader did not select them; cosine vectors are normalised
 */
public record StoredPoint(
    PointId id, long version, @Nullable Payload payload, @Nullable Vectors vectors) {}
