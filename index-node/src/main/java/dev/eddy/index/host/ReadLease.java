package dev.eddy.index.host;

import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.query.FacetHit;
import dev.eddy.model.shard.ShardService.Hit;
import dev.eddy.model.shard.ShardService.ShardQuery;
import dev.eddy.model.shard.ShardService.TermCounts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One published state of a shard, borrowed. It stays as it is until given back.
 *
 * <p>Threading: safe from any thread, several at once; computes, so that a virtual thread holds its
 * carrier.
 */
public interface ReadLease extends AutoCloseable {
  long position();

  /** Hits per query, best first. */
  List<List<Hit>> search(List<ShardQuery> queries, PayloadSelector payload, VectorSelector vectors);

  /** Exactly these points in these versions, in this order. */
  List<StoredPoint> fetch(
      List<PointId> ids, List<Long> versions, PayloadSelector payload, VectorSelector vectors);

  /** Those that exist, in this order. */
  List<StoredPoint> retrieve(List<PointId> ids, PayloadSelector payload, VectorSelector vectors);

  /** In the order of ids, from an id on. */
  List<StoredPoint> scroll(
      @Nullable PointId from,
      int limit,
      @Nullable Filter filter,
      PayloadSelector payload,
      VectorSelector vectors);

  /** How many points have which value of a declared field, in no order. */
  List<FacetHit> facet(KeyPath key, FieldIndex.Type type, @Nullable Filter filter, int limit);

  long count(@Nullable Filter filter);

  /** How rare indices of a sparse vector are among the points of a corpus; null = all. */
  TermCounts countTerms(String using, List<Integer> indices, @Nullable Filter corpus);

  /** Gives it back; a second time does nothing. */
  @Override
  void close();
}
