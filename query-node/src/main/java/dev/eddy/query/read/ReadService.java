package dev.eddy.query.read;

import dev.eddy.model.error.EddyException;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers reads over all shards of a collection, never from a part of them.
 *
 * <p>Each call blocks its (virtual) thread and is safe from any thread. Collections are named by
 * name or alias. Every answer covers what this node has acknowledged, and what the options ask for
 * beyond that. Fails with an {@code EddyException}: NOT_FOUND (collection, example point),
 * WRONG_INPUT (vector name, dimension), VALIDATION ({@code path: rule} relative to the query),
 * WRONG_GENERATION (token), TIMEOUT, UNAVAILABLE (no usable replica of a shard), OVERLOADED,
 * NOT_IMPLEMENTED.
 */
public interface ReadService {

  /** The points found, in the order of the request, each once at its first place. */
  Answer<List<StoredPoint>> retrieve(
      String collection,
      List<PointId> ids,
      PayloadSelector payload,
      VectorSelector vectors,
      ReadOptions options);

  /** One point with all that it has; NOT_FOUND when there is none. */
  default Answer<StoredPoint> point(String collection, PointId id, ReadOptions options) {
    Answer<List<StoredPoint>> found =
        retrieve(collection, List.of(id), PayloadSelector.All.ALL, VectorSelector.All.ALL, options);
    if (found.value().isEmpty()) {
      throw EddyException.notFound("Point with id " + id + " does not exists!");
    }
    return new Answer<>(found.value().getFirst(), found.coverage());
  }

  /** A page of points; ordered by a field, none says where the next one starts. */
  Answer<ScrollPage> scroll(String collection, ScrollQuery query, ReadOptions options);

  /**
   * Points that match.
   *
   * @param filter null = all
   * @param exact false allows an estimate
   */
  Answer<Long> count(
      String collection, @Nullable Filter filter, boolean exact, ReadOptions options);

  /**
   * Answers each query; one bad query fails all. Hits are best first; of equal scores the larger id
   * comes first where larger scores are better, the smaller id where smaller ones are.
   */
  Answer<List<List<ScoredPoint>>> query(
      String collection, List<PointQuery> queries, ReadOptions options);

  /** The best hits of each of the best groups, groups by their best hit. */
  Answer<List<PointGroup>> groups(String collection, GroupQuery query, ReadOptions options);

  /**
   * Values of a declared field with their counts, the most frequent first, of equal counts the
   * smaller value.
   */
  Answer<List<FacetHit>> facet(String collection, FacetQuery query, ReadOptions options);

  /** The nearest neighbours of some points among each other. */
  Answer<DistanceMatrix> matrix(String collection, MatrixQuery query, ReadOptions options);
}
