package dev.eddy.engine.search;

import dev.eddy.engine.column.ColumnEntry;
import dev.eddy.engine.points.IdMap;
import dev.eddy.engine.search.TopHits.SlotHit;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.error.EddyException;
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
import dev.eddy.model.usage.FilterPlans;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Answers every question on one moment of a shard. Safe from any thread while the view is held. */
public final class ShardSearcher {
  private final ShardView view;

  public ShardSearcher(ShardView view) {
    this.view = view;
  }

  /**
   * The best points per query, best first.
   *
   * @throws EddyException with the contract's text when a vector name or dimension is wrong
   */
  public List<List<Hit>> search(
      List<ShardQuery> queries, PayloadSelector payload, VectorSelector vectors) {
    PointReader reader = new PointReader(view, payload, vectors);
    RankedSearch search = new RankedSearch(view);
    List<List<Hit>> answers = new ArrayList<>(queries.size());
    for (ShardQuery query : queries) {
      FilterPlans.ofQuery(answers.size());
      answers.add(hits(search.search(query), query.groupBy(), reader));
    }
    return answers;
  }

  private List<Hit> hits(List<SlotHit> found, @Nullable KeyPath groupBy, PointReader reader) {
    FieldScan fields = new FieldScan(view);
    @Nullable List<StoredPoint> points =
        reader.isIdle() ? null : reader.read(found.stream().mapToInt(SlotHit::slot).toArray());
    List<Hit> hits = new ArrayList<>(found.size());
    for (int i = 0; i < found.size(); i++) {
      SlotHit hit = found.get(i);
      hits.add(
          new Hit(
              view.id(hit.slot()),
              view.version(hit.slot()),
              hit.score(),
              groupBy == null ? List.of() : fields.groups(hit.slot(), groupBy),
              hit.order(),
              points == null ? null : points.get(i)));
    }
    return hits;
  }

  /**
   * Exactly these points in these versions, in their order.
   *
   * @throws ShardException {@code LEASE_LOST} when this moment does not hold one of them
   */
  public List<StoredPoint> fetch(
      List<PointId> ids, List<Long> versions, PayloadSelector payload, VectorSelector vectors) {
    if (ids.size() != versions.size()) {
      throw new IllegalArgumentException(
          "%d ids but %d versions".formatted(ids.size(), versions.size()));
    }
    int[] slots = new int[ids.size()];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = view.slotOf(ids.get(i));
      if (slots[i] == IdMap.NONE || view.version(slots[i]) != versions.get(i)) {
        throw new ShardException(
            ShardException.Reason.LEASE_LOST,
            "point %s is not here in version %d".formatted(ids.get(i), versions.get(i)));
      }
    }
    return new PointReader(view, payload, vectors).read(slots);
  }

  /** The points that exist, in the order of the ids, each once. */
  public List<StoredPoint> retrieve(
      List<PointId> ids, PayloadSelector payload, VectorSelector vectors) {
    SequencedSet<PointId> wanted = new LinkedHashSet<>(ids);
    int[] slots =
        wanted.stream().mapToInt(view::slotOf).filter(slot -> slot != IdMap.NONE).toArray();
    return new PointReader(view, payload, vectors).read(slots);
  }

  /**
   * Points in the order of ids.
   *
   * @param from the first id, inclusive; null = from the start
   */
  public List<StoredPoint> scroll(
      @Nullable PointId from,
      int limit,
      @Nullable Filter filter,
      PayloadSelector payload,
      VectorSelector vectors) {
    return new PointReader(view, payload, vectors)
        .read(new IdOrder(view).slots(from, limit, filter));
  }

  /**
   * How many points have which value of a field.
   *
   * @param type keyword, integer, bool or UUID
   */
  public List<FacetHit> facet(
      KeyPath key, FieldIndex.Type type, @Nullable Filter filter, int limit) {
    return new FieldScan(view).facet(key, type, filter, limit);
  }

  /** Points that match, exactly. */
  public long count(@Nullable Filter filter) {
    return filter == null ? view.points() : view.memo(filter).count();
  }

  /** How rare indices of a sparse vector are; see the lease. */
  public TermCounts countTerms(String using, List<Integer> indices, @Nullable Filter corpus) {
    if (!(view.field(using) instanceof SparseVectors sparse)) {
      throw EddyException.wrongInput("Wrong usage of sparse vectors");
    }
    return corpus == null
        ? new TermCounts(
            sparse.vectors().indexed(),
            indices.stream()
                .map(index -> (long) sparse.vectors().frequency(index, view::isLive))
                .toList())
        : countTerms(sparse, indices, view.memo(corpus));
  }

  private static TermCounts countTerms(
      SparseVectors sparse, List<Integer> indices, FilterMemo corpus) {
    Map<Integer, Long> frequencies = new HashMap<>();
    indices.forEach(index -> frequencies.put(index, 0L));
    long[] points = new long[1];
    ColumnEntry entry = new ColumnEntry();
    corpus.forEachMatch(slot -> {
      if (sparse.vectors().find(slot, entry) && entry.units() > 0) {
        points[0]++;
        for (int at = entry.from(); at < entry.to(); at++) {
          frequencies.computeIfPresent(entry.ints()[at], (index, count) -> count + 1);
        }
      }
      return true;
    });
    return new TermCounts(
        points[0], indices.stream().map(index -> frequencies.getOrDefault(index, 0L)).toList());
  }

  /** Whether the point of a live slot matches. */
  public boolean matches(Filter filter, int slot) {
    return view.memo(filter).matches(slot);
  }

  /** Hands every slot that matches to the consumer, ascending, until it returns false. */
  public void forEachMatch(Filter filter, IntPredicate consumer) {
    view.memo(filter).forEachMatch(consumer);
  }
}
