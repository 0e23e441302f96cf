package dev.eddy.model.query;

import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.VectorSelector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One query of the API: what the universal query, the older searches and recommendations all come
 * down to.
 *
 * @param prefetch where candidates come from; empty = all points
 * @param query null = points in the order of ids
 * @param using name of the vector; the empty name is the unnamed one
 * @param filter null = none
 * @param limit at least 1
 * @param offset hits left out at the start, at least 0
 * @param scoreThreshold bound in the API's score, or null
 * @param lookupFrom where example ids are read, null = here
 */
public record PointQuery(
    List<Prefetch> prefetch,
    @Nullable Query query,
    String using,
    @Nullable Filter filter,
    SearchParams params,
    int limit,
    int offset,
    @Nullable Float scoreThreshold,
    @Nullable LookupLocation lookupFrom,
    PayloadSelector payload,
    VectorSelector vectors) {
  public static final int LIMIT_DEFAULT = 10;

  public PointQuery {
    prefetch = List.copyOf(prefetch);
  }

  /** The same query for other hits. */
  public PointQuery withWindow(int otherLimit, int otherOffset) {
    return new PointQuery(
        prefetch,
        query,
        using,
        filter,
        params,
        otherLimit,
        otherOffset,
        scoreThreshold,
        lookupFrom,
        payload,
        vectors);
  }

  /** The same query for those of its hits that pass another filter, too. */
  public PointQuery within(Filter other) {
    Filter both =
        filter == null ? other : Filter.must(new Condition.Sub(filter), new Condition.Sub(other));
    return new PointQuery(
        prefetch,
        query,
        using,
        both,
        params,
        limit,
        offset,
        scoreThreshold,
        lookupFrom,
        payload,
        vectors);
  }
}
