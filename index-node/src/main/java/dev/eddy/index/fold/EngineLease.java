package dev.eddy.index.fold;

import dev.eddy.engine.shard.ShardLease;
import dev.eddy.index.host.ReadLease;
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

/** An engine's lease as hosting lends it. */
record EngineLease(ShardLease lease) implements ReadLease {
  @Override
  public long position() {
    return lease.position();
  }

  @Override
  public List<List<Hit>> search(
      List<ShardQuery> queries, PayloadSelector payload, VectorSelector vectors) {
    return lease.search(queries, payload, vectors);
  }

  @Override
  public List<StoredPoint> fetch(
      List<PointId> ids, List<Long> versions, PayloadSelector payload, VectorSelector vectors) {
    return lease.fetch(ids, versions, payload, vectors);
  }

  @Override
  public List<StoredPoint> retrieve(
      List<PointId> ids, PayloadSelector payload, VectorSelector vectors) {
    return lease.retrieve(ids, payload, vectors);
  }

  @Override
  public List<StoredPoint> scroll(
      @Nullable PointId from,
      int limit,
      @Nullable Filter filter,
      PayloadSelector payload,
      VectorSelector vectors) {
    return lease.scroll(from, limit, filter, payload, vectors);
  }

  @Override
  public List<FacetHit> facet(
      KeyPath key, FieldIndex.Type type, @Nullable Filter filter, int limit) {
    return lease.facet(key, type, filter, limit);
  }

  @Override
  public long count(@Nullable Filter filter) {
    return lease.count(filter);
  }

  @Override
  public TermCounts countTerms(String using, List<Integer> indices, @Nullable Filter corpus) {
    return lease.countTerms(using, indices, corpus);
  }

  @Override
  public void close() {
    lease.close();
  }
}
