package dev.eddy.query.limit;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.limit.Limit;
import dev.eddy.model.limit.Limits;
import dev.eddy.model.query.Expression;
import dev.eddy.model.query.PointQuery;
import dev.eddy.model.query.Prefetch;
import dev.eddy.model.query.Query;
import dev.eddy.model.query.SearchParams;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How large and how deep a query with its prefetches may be. One request, one thread. */
final class QueryBounds {
  private final Limits limits;
  private long examples;

  QueryBounds(Limits limits) {
    this.limits = limits;
  }

  /** Queries of a request and their prefetches. */
  static void checkBatch(Limits limits, List<PointQuery> queries) {
    long count = 0;
    for (PointQuery query : queries) {
      count += 1 + count(query.prefetch());
    }
    if (count > limits.of(Limit.BATCH)) {
      throw EddyException.tooMany(
          Limit.BATCH, "searches", count, "queries and prefetches", limits.of(Limit.BATCH));
    }
  }

  private static long count(List<Prefetch> prefetches) {
    return prefetches.stream().mapToLong(each -> 1 + count(each.prefetch())).sum();
  }

  /**
   * @throws EddyException VALIDATION or BAD_REQUEST with limit and value
   */
  void check(PointQuery query) {
    int depth = depth(query.prefetch());
    int max = limits.intOf(Limit.PREFETCH_DEPTH);
    if (depth > max) {
      throw EddyException.badRequest("prefetches depth " + depth + " exceeds max depth " + max)
          .beyond(Limit.PREFETCH_DEPTH);
    }
    check("", query.filter(), query.params(), query.query());
    prefetches("", query.prefetch());
    if (examples > limits.of(Limit.EXAMPLES)) {
      throw EddyException.tooMany(
          Limit.EXAMPLES, "query", examples, "examples", limits.of(Limit.EXAMPLES));
    }
  }

  private static int depth(List<Prefetch> prefetches) {
    return prefetches.stream().mapToInt(each -> 1 + depth(each.prefetch())).max().orElse(0);
  }

  private void prefetches(String path, List<Prefetch> prefetches) {
    for (int i = 0; i < prefetches.size(); i++) {
      Prefetch each = prefetches.get(i);
      String place = path + "prefetch[" + i + "].";
      check(place, each.filter(), each.params(), each.query());
      prefetches(place, each.prefetch());
    }
  }

  private void check(
      String path, @Nullable Filter filter, SearchParams params, @Nullable Query query) {
    FilterBounds.check(limits, filter, path + "filter");
    FilterBounds.check(limits, params.idfCorpus(), path + "params.idf.corpus");
    if (query instanceof Query.Formula formula) {
      expression(path + "query.formula", formula.expression());
    }
    examples += query == null ? 0 : examplesOf(query);
  }

  private static long examplesOf(Query query) {
    return switch (query) {
      case Query.Nearest ignored -> 1;
      case Query.Recommend recommend ->
          recommend.positive().size() + (long) recommend.negative().size();
      case Query.Discover discover -> 1 + 2L * discover.context().size();
      case Query.Context context -> 2L * context.pairs().size();
      case Query.Feedback feedback ->
          1 + feedback.feedback().size() * (feedback.feedback().size() - 1L) / 2;
      case Query.OrderBy ignored -> 0;
      case Query.Rrf ignored -> 0;
      case Query.Dbsf ignored -> 0;
      case Query.Sample ignored -> 0;
      case Query.Formula ignored -> 0;
    };
  }

  private void expression(String path, Expression expression) {
    switch (expression) {
      case Expression.Check(var condition) ->
          FilterBounds.check(limits, Filter.must(condition), path);
      case Expression.Product product -> product.factors().forEach(each -> expression(path, each));
      case Expression.Sum sum -> sum.terms().forEach(each -> expression(path, each));
      case Expression.Quotient quotient -> {
        expression(path, quotient.left());
        expression(path, quotient.right());
      }
      case Expression.Power power -> {
        expression(path, power.base());
        expression(path, power.exponent());
      }
      case Expression.Applied applied -> expression(path, applied.to());
      case Expression.Decay decay -> {
        expression(path, decay.x());
        Expression target = decay.target();
        if (target != null) {
          expression(path, target);
        }
      }
      case Expression.Constant ignored -> {}
      case Expression.Score ignored -> {}
      case Expression.Field ignored -> {}
      case Expression.GeoDistance ignored -> {}
      case Expression.Moment ignored -> {}
      case Expression.MomentField ignored -> {}
    }
  }
}
