package dev.eddy.index.host;

import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.query.FacetHit;
import dev.eddy.model.shard.ShardException;
import dev.eddy.model.shard.ShardException.Reason;
import dev.eddy.model.shard.ShardService.Hit;
import dev.eddy.model.shard.ShardService.ShardQuery;
import dev.eddy.model.shard.ShardService.TermCounts;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fold and those who use it: it is closed when it was retired and the last one is done, never
 * under a reader's feet.
 *
 * <p>Threading: safe from any thread.
 */
final class FoldHandle {
  private static final Logger LOG = LoggerFactory.getLogger(FoldHandle.class);

  /** Set in the count of users once retired. */
  private static final int RETIRED = 1 << 31;

  private final ShardFold fold;
  private final Executor closer;
  private final AtomicInteger users = new AtomicInteger();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  FoldHandle(ShardFold fold, Executor closer) {
    this.fold = fold;
    this.closer = closer;
  }

  /** For the shard's writer only, which retires the handle itself. */
  ShardFold fold() {
    return fold;
  }

  ReadLease lease() {
    retain();
    try {
      return new CountedLease(fold.lease());
    } catch (RuntimeException | Error e) {
      release();
      throw e;
    }
  }

  /** Runs something short on the fold, which stays open meanwhile. */
  <T> T use(Function<ShardFold, T> reader) {
    retain();
    try {
      return reader.apply(fold);
    } finally {
      release();
    }
  }

  /** Lets nobody in any more and closes the fold after the last one left. */
  CompletableFuture<Void> retire() {
    int before = users.getAndUpdate(count -> count | RETIRED);
    if (before == 0) {
      closer.execute(this::closeFold);
    }
    return closed;
  }

  /** Keeps the fold open until {@link #release}. */
  void retain() {
    int before = users.getAndUpdate(count -> count < 0 ? count : count + 1);
    if (before < 0) {
      throw new ShardException(Reason.NOT_SERVING, "the shard's state is being closed");
    }
  }

  void release() {
    if (users.decrementAndGet() == RETIRED) {
      closer.execute(this::closeFold);
    }
  }

  private void closeFold() {
    try {
      fold.close();
      closed.complete(null);
    } catch (RuntimeException | Error e) {
      LOG.error("event=fold-close-failed", e);
      closed.complete(null);
    }
  }

  private final class CountedLease implements ReadLease {
    private final ReadLease lease;
    private final AtomicBoolean given = new AtomicBoolean();

    CountedLease(ReadLease lease) {
      this.lease = lease;
    }

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
      if (given.compareAndSet(false, true)) {
        try {
          lease.close();
        } finally {
          release();
        }
      }
    }
  }
}
