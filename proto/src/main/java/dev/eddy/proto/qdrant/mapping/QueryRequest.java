package dev.eddy.proto.qdrant.mapping;

import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.query.SearchParams;
import org.jspecify.annotations.Nullable;

/**
 * One query, as the contract's several forms of it come down to.
 *
 * @param using name of the vector; the empty name is the unnamed one
 * @param filter null = none
 * @param limit at least 1
 * @param offset at least 0
 * @param scoreThreshold null = none
 */
public record QueryRequest(
    Target target,
    String using,
    @Nullable Filter filter,
    SearchParams params,
    int limit,
    int offset,
    @Nullable Float scoreThreshold,
    PayloadSelector payload,
    VectorSelector vectors) {

  /** What is looked for. */
  public sealed interface Target {
    /** The nearest to a vector of finite components; not empty, shared, never copied. */
    @SuppressWarnings("ArrayRecordComponent") // A parsed request's own array, compared by nobody.
    record ByVector(float[] vector) implements Target {}

    /** The nearest to the stored vector of a point. */
    record ById(PointId id) implements Target {}

    /** No query: points in the order of ids. */
    enum Everything implements Target {
      EVERYTHING
    }
  }
}
