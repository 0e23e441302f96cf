package dev.eddy.query.limit;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.limit.Limit;
import dev.eddy.model.limit.Limits;
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
import dev.eddy.query.read.Answer;
import dev.eddy.query.read.ReadService;
import dev.eddy.query.read.ScrollPage;
import dev.eddy.query.read.ScrollQuery;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds reads of both transports against the limits of this node before they go on. How many hits
 * are asked for is not bounded here: what there are is, by the memory that an answer takes.
 */
public final class LimitedReadService implements ReadService {
  private final ReadService reads;
  private final Limits limits;

  public LimitedReadService(ReadService reads, Limits limits) {
    this.reads = requireNonNull(reads, "reads");
    this.limits = requireNonNull(limits, "limits");
  }

  @Override
  public Answer<List<StoredPoint>> retrieve(
      String collection,
      List<PointId> ids,
      PayloadSelector payload,
      VectorSelector vectors,
      ReadOptions options) {
    if (ids.size() > limits.of(Limit.POINTS)) {
      throw EddyException.tooMany(Limit.POINTS, "ids", ids.size(), "ids", limits.of(Limit.POINTS));
    }
    return reads.retrieve(collection, ids, payload, vectors, options);
  }

  @Override
  public Answer<ScrollPage> scroll(String collection, ScrollQuery query, ReadOptions options) {
    FilterBounds.check(limits, query.filter(), "filter");
    return reads.scroll(collection, query, options);
  }

  @Override
  public Answer<Long> count(
      String collection, @Nullable Filter filter, boolean exact, ReadOptions options) {
    FilterBounds.check(limits, filter, "filter");
    return reads.count(collection, filter, exact, options);
  }

  @Override
  public Answer<List<List<ScoredPoint>>> query(
      String collection, List<PointQuery> queries, ReadOptions options) {
    QueryBounds.checkBatch(limits, queries);
    queries.forEach(query -> new QueryBounds(limits).check(query));
    return reads.query(collection, queries, options);
  }

  @Override
  public Answer<List<PointGroup>> groups(String collection, GroupQuery query, ReadOptions options) {
    QueryBounds.checkBatch(limits, List.of(query.query()));
    new QueryBounds(limits).check(query.query());
    return reads.groups(collection, query, options);
  }

  @Override
  public Answer<List<FacetHit>> facet(String collection, FacetQuery query, ReadOptions options) {
    FilterBounds.check(limits, query.filter(), "filter");
    return reads.facet(collection, query, options);
  }

  @Override
  public Answer<DistanceMatrix> matrix(String collection, MatrixQuery query, ReadOptions options) {
    FilterBounds.check(limits, query.filter(), "filter");
    long max = limits.of(Limit.MATRIX_SAMPLE);
    if (query.sample() > max) {
      throw EddyException.tooMany(Limit.MATRIX_SAMPLE, "sample", query.sample(), "points", max);
    }
    return reads.matrix(collection, query, options);
  }
}
