package dev.eddy.query.limit;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.limit.Limit;
import dev.eddy.model.limit.Limits;
import dev.eddy.proto.mapping.FilterMessages;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How large and how deep a filter may be. Stateless. */
final class FilterBounds {
  private FilterBounds() {}

  /**
   * @param path what the request calls the filter
   * @throws EddyException VALIDATION with limit and value
   */
  static void check(Limits limits, @Nullable Filter filter, String path) {
    if (filter == null) {
      return;
    }
    FilterMessages.checkDepth(filter, path, limits.intOf(Limit.FILTER_DEPTH));
    long conditions = count(filter);
    if (conditions > limits.of(Limit.FILTER_CONDITIONS)) {
      throw EddyException.tooMany(
          Limit.FILTER_CONDITIONS,
          path,
          conditions,
          "conditions",
          limits.of(Limit.FILTER_CONDITIONS));
    }
  }

  /** Filters inside are conditions, too, and so are those in them. */
  private static long count(Filter filter) {
    return Stream.of(
            filter.must(),
            filter.shouldClause().orElse(List.of()),
            filter.mustNot(),
            filter.minShouldClause().map(Filter.MinShould::conditions).orElse(List.of()))
        .flatMap(List::stream)
        .mapToLong(condition ->
            switch (condition) {
              case Condition.Nested nested -> 1 + count(nested.filter());
              case Condition.Sub sub -> 1 + count(sub.filter());
              case Condition.Field ignored -> 1;
              case Condition.IsEmpty ignored -> 1;
              case Condition.IsNull ignored -> 1;
              case Condition.HasId ignored -> 1;
              case Condition.HasVector ignored -> 1;
              case Condition.Slice ignored -> 1;
            })
        .sum();
  }
}
