package dev.eddy.query.strict;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.cluster.Generation;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.StrictMode;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.query.DistanceMatrix;
import dev.eddy.model.query.FacetHit;
import dev.eddy.model.query.FacetQuery;
import dev.eddy.model.query.GroupQuery;
import dev.eddy.model.query.MatrixQuery;
import dev.eddy.model.query.PointGroup;
import dev.eddy.model.query.PointQuery;
import dev.eddy.model.query.ReadOptions;
import dev.eddy.model.query.ScoredPoint;
import dev.eddy.query.fanout.Generations;
import dev.eddy.query.read.Answer;
import dev.eddy.query.read.ReadService;
import dev.eddy.query.read.ScrollPage;
import dev.eddy.query.read.ScrollQuery;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Holds reads against the limits of their collections before they go on. */
public final class StrictReadService implements ReadService {
  private final ReadService reads;
  private final Generations generations;
  private final RateLimits rates;

  public StrictReadService(ReadService reads, Generations generations, RateLimits rates) {
    this.reads = requireNonNull(reads, "reads");
    this.generations = requireNonNull(generations, "generations");
    this.rates = requireNonNull(rates, "rates");
  }

  /** What a request is checked by. */
  private record Rules(CollectionSpec spec, StrictMode limits, FilterLimits filters) {}

  @Override
  public Answer<List<StoredPoint>> retrieve(
      String collection,
      List<PointId> ids,
      PayloadSelector payload,
      VectorSelector vectors,
      ReadOptions options) {
    ReadOptions bounded = checked(collection, options, 1, rules -> {});
    return reads.retrieve(collection, ids, payload, vectors, bounded);
  }

  @Override
  public Answer<ScrollPage> scroll(String collection, ScrollQuery query, ReadOptions options) {
    ReadOptions bounded =
        checked(
            collection,
            options,
            1,
            rules -> {
              StrictLimits.check(rules.limits().maxQueryLimit(), query.limit(), "limit");
              rules.filters().check(query.filter());
            });
    return reads.scroll(collection, query, bounded);
  }

  @Override
  public Answer<Long> count(
      String collection, @Nullable Filter filter, boolean exact, ReadOptions options) {
    ReadOptions bounded = checked(collection, options, 1, rules -> rules.filters().check(filter));
    return reads.count(collection, filter, exact, bounded);
  }

  @Override
  public Answer<List<List<ScoredPoint>>> query(
      String collection, List<PointQuery> queries, ReadOptions options) {
    long tokens = queries.stream().mapToLong(QueryLimits::tokens).sum();
    ReadOptions bounded =
        checked(
            collection,
            options,
            tokens,
            rules -> {
              StrictLimits.check(
                  rules.limits().searchMaxBatchsize(), queries.size(), "search batch size");
              QueryLimits limits = new QueryLimits(rules.spec(), rules.limits(), rules.filters());
              queries.forEach(limits::check);
            });
    return reads.query(collection, queries, bounded);
  }

  @Override
  public Answer<List<PointGroup>> groups(String collection, GroupQuery query, ReadOptions options) {
    ReadOptions bounded =
        checked(
            collection,
            options,
            QueryLimits.tokens(query.query()),
            rules -> {
              StrictLimits.check(rules.limits().maxQueryLimit(), query.groups(), "limit");
              StrictLimits.check(rules.limits().maxQueryLimit(), query.groupSize(), "group_size");
              // Its own limit means nothing.
              new QueryLimits(rules.spec(), rules.limits(), rules.filters())
                  .check(query.query().withWindow(1, 0));
              rules.filters().requireForGroups(query.groupBy());
            });
    return reads.groups(collection, query, bounded);
  }

  @Override
  public Answer<List<FacetHit>> facet(String collection, FacetQuery query, ReadOptions options) {
    ReadOptions bounded =
        checked(
            collection,
            options,
            1,
            rules -> {
              StrictLimits.check(rules.limits().maxQueryLimit(), query.limit(), "limit");
              rules.filters().check(query.filter());
            });
    return reads.facet(collection, query, bounded);
  }

  @Override
  public Answer<DistanceMatrix> matrix(String collection, MatrixQuery query, ReadOptions options) {
    ReadOptions bounded =
        checked(
            collection,
            options,
            1,
            rules -> {
              StrictLimits.check(rules.limits().maxQueryLimit(), query.limit(), "limit");
              StrictLimits.check(rules.limits().maxQueryLimit(), query.sample(), "sample");
              rules.filters().check(query.filter());
            });
    return reads.matrix(collection, query, bounded);
  }

  private ReadOptions checked(
      String collection, ReadOptions options, long tokens, Consumer<Rules> check) {
    Generation generation = generations.resolve(collection);
    Optional<StrictMode> on = StrictLimits.of(generation.spec());
    if (on.isEmpty()) {
      return options;
    }
    StrictMode limits = on.get();
    ReadOptions bounded =
        new ReadOptions(
            options.strong(),
            options.token(),
            StrictLimits.timeout(limits, options.timeout(), ReadOptions.TIMEOUT_DEFAULT));
    check.accept(
        new Rules(
            generation.spec(),
            limits,
            new FilterLimits(generation.spec(), limits, limits.unindexedFilteringRetrieve())));
    if (tokens > 0) {
      rates.read(generation, limits.readRateLimit(), tokens);
    }
    return bounded;
  }
}
