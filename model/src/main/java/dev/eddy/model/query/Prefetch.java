package dev.eddy.model.query;

import dev.eddy.model.filter.Filter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query whose hits are what the query around it ranks.
 *
 * @param prefetch where it takes its own candidates from; empty = all points
 * @param query null = points in the order of ids
 * @param using name of the vector; the empty name is the unnamed one
 * @param filter null = none
 * @param limit at least 1
 * @param scoreThreshold bound in the API's score, or null
 * @param lookupFrom where example ids are read, null = here
 */
public record Prefetch(
    List<Prefetch> prefetch,
    @Nullable Query query,
    String using,
    @Nullable Filter filter,
    SearchParams params,
    int limit,
    @Nullable Float scoreThreshold,
    @Nullable LookupLocation lookupFrom) {
  public static final int LIMIT_DEFAULT = 10;

  public Prefetch {
    prefetch = List.copyOf(prefetch);
  }
}
