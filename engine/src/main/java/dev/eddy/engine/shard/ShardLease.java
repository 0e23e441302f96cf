package dev.eddy.engine.shard;

import dev.eddy.engine.search.ShardSearcher;
import dev.eddy.engine.search.ShardView;
import dev.eddy.engine.segment.BuildPool;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.query.FacetHit;
import dev.eddy.model.shard.ShardException;
import dev.eddy.model.shard.ShardService.Hit;
import dev.eddy.model.shard.ShardService.ShardQuery;
import dev.eddy.model.shard.ShardService.TermCounts;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One published moment of a shard, borrowed: nothing that it shows changes or goes away before it
 * is closed. Safe from any thread; computes, so not for virtual threads that must not be pinned to
 * a core.
 */
public final class ShardLease implements AutoCloseable {
  private final Published published;
  private final BuildPool buildPool;
  private final AtomicBoolean isOpen = new AtomicBoolean(true);

  ShardLease(Published published, BuildPool buildPool) {
    this.published = published;
    this.buildPool = buildPool;
  }

  Published published() {
    return published;
  }

  /** The next offset that this moment does not hold. */
  public long position() {
    return published.position();
  }

  /** The collection's configuration at this position; empty before Genesis. */
  public Optional<CollectionSpec> spec() {
    return Optional.ofNullable(published.spec());
  }

  /** Content hash at this position. */
  public String contentHash() {
    return published.contentHash();
  }

  /**
   * The best points per query, best first: by score, among equals the larger id first where scores
   * descend, the smaller where distances ascend. Exact and scanning searches resolve ties at the
   * last place, too; graph searches those they have seen.
   *
   * <p>Points are filled in when something of them was selected.
   *
   * @throws dev.eddy.model.error.EddyException with the contract's text when a vector's name or
   *     dimension is wrong
   */
  public List<List<Hit>> search(
      List<ShardQuery> queries, PayloadSelector payload, VectorSelector vectors) {
    ShardSearcher searcher = searcher();
    buildPool.searchStarted();
    try {
      return searcher.search(queries, payload, vectors);
    } finally {
      buildPool.searchFinished();
    }
  }

  /**
   * Exactly these points in these versions, in their order.
   *
   * @throws ShardException {@code LEASE_LOST} when this moment does not hold one of them
   */
  public List<StoredPoint> fetch(
      List<PointId> ids, List<Long> versions, PayloadSelector payload, VectorSelector vectors) {
    return searcher().fetch(ids, versions, payload, vectors);
  }

  /** The points that exist, in the order of the ids, each once. */
  public List<StoredPoint> retrieve(
      List<PointId> ids, PayloadSelector payload, VectorSelector vectors) {
    return searcher().retrieve(ids, payload, vectors);
  }

  /**
   * Points in the order of ids.
   *
   * @param from the first id, inclusive; null = from the start
   * @param limit at least 1
   */
  public List<StoredPoint> scroll(
      @Nullable PointId from,
      int limit,
      @Nullable Filter filter,
      PayloadSelector payload,
      VectorSelector vectors) {
    return searcher().scroll(from, limit, filter, payload, vectors);
  }

  /**
   * How many points have which value of a field; in no order, always counted exactly.
   *
   * @param type keyword, integer, bool or UUID
   */
  public List<FacetHit> facet(
      KeyPath key, FieldIndex.Type type, @Nullable Filter filter, int limit) {
    return searcher().facet(key, type, filter, limit);
  }

  /** Points that match; always counted exactly. */
  public long count(@Nullable Filter filter) {
    return searcher().count(filter);
  }

  /**
   * How rare indices of a sparse vector are among live points; counted exactly.
   *
   * @param corpus only among these; null = all
   * @throws dev.eddy.model.error.EddyException with the contract's text when there is no sparse
   *     vector of the name
   */
  public TermCounts countTerms(String using, List<Integer> indices, @Nullable Filter corpus) {
    return searcher().countTerms(using, indices, corpus);
  }

  private ShardSearcher searcher() {
    if (!isOpen.get()) {
      throw new IllegalStateException("lease is closed");
    }
    ShardView view = published.view();
    if (view == null) {
      throw new ShardException(
          ShardException.Reason.NOT_SERVING, "the log has no Genesis up to " + position());
    }
    return new ShardSearcher(view);
  }

  /** Gives the moment back; a second time does nothing. */
  @Override
  public void close() {
    if (isOpen.compareAndSet(true, false)) {
      published.release();
    }
  }
}
