package dev.eddy.query.strict;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.FieldIndex.Type;
import dev.eddy.model.collection.StrictMode;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.query.Expression;
import dev.eddy.model.query.PointQuery;
import dev.eddy.model.query.Prefetch;
import dev.eddy.model.query.Query;
import dev.eddy.model.query.SearchParams;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a collection's limits say of a query and its prefetches. One request, one thread. */
final class QueryLimits {
  private static final Set<Type> NUMBERS = EnumSet.of(Type.INTEGER, Type.FLOAT);

  private final CollectionSpec spec;
  private final StrictMode limits;
  private final FilterLimits filters;

  QueryLimits(CollectionSpec spec, StrictMode limits, FilterLimits filters) {
    this.spec = spec;
    this.limits = limits;
    this.filters = filters;
  }

  /** What a query counts: itself and its prefetches. */
  static long tokens(PointQuery query) {
    return 1 + tokens(query.prefetch());
  }

  private static long tokens(List<Prefetch> prefetches) {
    return prefetches.stream().mapToLong(each -> 1 + tokens(each.prefetch())).sum();
  }

  /**
   * @throws EddyException BAD_REQUEST with the contract's text
   */
  void check(PointQuery query) {
    check(query.query(), query.limit(), query.filter(), query.params());
    if (query.prefetch().isEmpty()) {
      checkGraph(query.query(), query.using(), query.filter(), query.params());
    }
    query.prefetch().forEach(this::check);
  }

  private void check(Prefetch prefetch) {
    check(prefetch.query(), prefetch.limit(), prefetch.filter(), prefetch.params());
    if (prefetch.prefetch().isEmpty()) {
      checkGraph(prefetch.query(), prefetch.using(), prefetch.filter(), prefetch.params());
    }
    prefetch.prefetch().forEach(this::check);
  }

  private void check(
      @Nullable Query query, int limit, @Nullable Filter filter, SearchParams params) {
    StrictLimits.check(limits.maxQueryLimit(), limit, "limit");
    Integer ef = params.hnswEf();
    if (ef != null) {
      StrictLimits.check(limits.searchMaxHnswEf(), ef, "hnsw_ef");
    }
    Double oversampling = params.quantization().oversampling();
    if (oversampling != null) {
      StrictLimits.check(limits.searchMaxOversampling(), oversampling, "oversampling");
    }
    if (params.exact() && !isExactAllowed()) {
      throw EddyException.badRequest("Exact search disabled! Help: Set exact=false.");
    }
    filters.check(filter);
    if (query instanceof Query.Formula formula) {
      check(formula.expression());
    }
  }

  private boolean isExactAllowed() {
    Boolean allowed = limits.searchAllowExact();
    return allowed == null || allowed;
  }

  /** A vector without a graph is compared with every point, unless one tenant's are meant. */
  private void checkGraph(
      @Nullable Query query, String using, @Nullable Filter filter, SearchParams params) {
    boolean isSearch =
        switch (query) {
          case Query.Nearest ignored -> true;
          case Query.Recommend ignored -> true;
          case Query.Discover ignored -> true;
          case Query.Context ignored -> true;
          case Query.Feedback ignored -> true;
          case null -> false;
          default -> false;
        };
    boolean hasNoGraph = spec.vectors().containsKey(using) && spec.hnswOf(using).m() == 0;
    if (isSearch
        && hasNoGraph
        && !isExactAllowed()
        && !params.indexedOnly()
        && !filters.isOfOneTenant(filter)) {
      throw EddyException.badRequest(
          "Request is forbidden on '%s' because global vector indexing is disabled (hnsw_config.m = 0). Help: Use tenant-specific filter, enable global vector indexing or enable strict mode `search_allow_exact` option"
              .formatted(using));
    }
  }

  private void check(Expression expression) {
    switch (expression) {
      case Expression.Constant ignored -> {}
      case Expression.Score ignored -> {}
      case Expression.Moment ignored -> {}
      case Expression.Field field -> filters.requireForFormula(field.key(), NUMBERS);
      case Expression.MomentField field ->
          filters.requireForFormula(field.key(), Set.of(Type.DATETIME));
      case Expression.GeoDistance distance ->
          filters.requireForFormula(distance.to(), Set.of(Type.GEO));
      case Expression.Check condition -> filters.check(Filter.must(condition.condition()));
      case Expression.Product product -> product.factors().forEach(this::check);
      case Expression.Sum sum -> sum.terms().forEach(this::check);
      case Expression.Quotient quotient -> {
        check(quotient.left());
        check(quotient.right());
      }
      case Expression.Power power -> {
        check(power.base());
        check(power.exponent());
      }
      case Expression.Applied applied -> check(applied.to());
      case Expression.Decay decay -> {
        check(decay.x());
        Expression target = decay.target();
        if (target != null) {
          check(target);
        }
      }
    }
  }
}
