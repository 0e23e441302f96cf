package dev.eddy.query.read;

import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.query.SearchParams;
import org.jspecify.annotations.Nullable;

/**
 * One query of the API.
 *
 * @param using name of the vector; the empty name is the unnamed one
 * @param filter null = none
 * @param limit at least 1
 * @param offset hits left out at the start, at least 0
 * @param scoreThreshold strict bound in the API's score, or null
 */
public record PointQuery(
    Target target,
    String using,
    @Nullable Filter filter,
    SearchParams params,
    int limit,
    int offset,
    @Nullable Float scoreThreshold,
    PayloadSelector payload,
    VectorSelector vectors) {
  public static final int LIMIT_DEFAULT = 10;

  /** What is looked for. */
  public sealed interface Target {

    /**
     * The nearest to a vector. The array is shared, never copied: treat it as read-only. Elements
     * are finite (the edge names a bad one by its place in the request).
     */
    @SuppressWarnings("ArrayRecordComponent") // A parsed request's own array, compared by nobody.
    record ByVector(float[] vector) implements Target {}

    /** The nearest to the stored vector of a point, which is itself left out. */
    record ById(PointId id) implements Target {}

    /** No query: points in the order of ids, score 1.0, version 0. */
    enum Everything implements Target {
      EVERYTHING
    }
  }
}
