package dev.eddy.engine.search;

import dev.eddy.engine.multi.NearRows;
import dev.eddy.engine.multi.RowGraphView;
import dev.eddy.engine.segment.CodeUse;
import dev.eddy.engine.segment.SlotAcceptor;
import dev.eddy.engine.segment.SlotSearch;
import dev.eddy.engine.segment.TopSlots;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.Vector;
import dev.eddy.model.query.SearchParams;
import dev.eddy.model.shard.ShardService.ShardQuery;
import dev.eddy.model.usage.FilterPlans;
import dev.eddy.model.usage.HardwareUsage;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the nearest multivectors by the graph of their rows: for each row of the query the rows
 * near it, and of the multivectors that these are of the best by comparing all their rows. Scores
 * are exact, and so are the hits but for multivectors of which nothing near was found.
 *
 * <p>Those are compared that can be the best after what was found of their rows. What they can be
 * at most is known only as well as walks find rows, so it does not end the comparing early. One
 * thread. See {@code docs/adr/0035}.
 */
final class MultiSearch {
  /** A query of so many rows asks each for as many as the beam; shorter ones ask for more. */
  private static final int LONG_QUERY_ROWS = 24;

  private static final int SHORT_QUERY_FACTOR = 6;

  /**
   * Multivectors compared, at least, per row found for one of the query; short ones cost little.
   */
  private static final int COMPARED_FACTOR = 2;

  /** Of rows on disk, or where graphs are preferred, all are compared that are so many of these. */
  private static final int SCANNED_FACTOR = 2;

  /** How many times as many rows are asked for when too few multivectors were found. */
  private static final int WIDER_FACTOR = 4;

  private static final int WIDER_MAX = 4;

  private final ShardView view;
  private final MultiVectors field;

  MultiSearch(ShardView view, MultiVectors field) {
    this.view = view;
    this.field = field;
  }

  /** Offers the hits; false when all that match are to be compared instead. */
  boolean search(Vector vector, ShardQuery query, int k, TopHits hits) {
    RowGraphView graph = field.graph();
    float[][] rows = field.prepared(vector);
    SearchParams params = query.params();
    Integer asked = params.hnswEf();
    int beam = Math.max(k + RankedSearch.TIE_ROOM, asked == null ? field.defaultEf() : asked);
    double factor = Math.clamp((double) LONG_QUERY_ROWS / rows.length, 1, SHORT_QUERY_FACTOR);
    int found = atMost(beam * factor);
    int compared = atMost((double) COMPARED_FACTOR * found);
    Filter filter = query.filter();
    @Nullable FilterMemo memo = filter == null ? null : view.memo(filter);
    CodeUse codes = RankedSearch.codeUse(params.quantization());
    SlotSearch usual = search(params, found, codes);
    if (graph == null || isScanned(graph, memo, rows.length, usual, compared)) {
      return false;
    }
    NearRows near = new NearRows(graph);
    for (int wider = 1; near.size() < k; wider *= WIDER_FACTOR) {
      // Rows of one multivector may be all that is near: then more are asked for, and then all.
      if (wider > WIDER_MAX) {
        return false;
      }
      SlotSearch search = search(params, atMost((double) wider * found), codes);
      near = new NearRows(graph);
      if (!findRows(graph, rows, search, memo, near)) {
        return false;
      }
    }
    return offer(near, compared, rows, hits);
  }

  private boolean offer(NearRows near, int compared, float[][] rows, TopHits hits) {
    compare(near.best(compared), rows, hits);
    return true;
  }

  private static SlotSearch search(SearchParams params, int found, CodeUse codes) {
    return new SlotSearch(found, found, SlotSearch.Way.WALK, params.indexedOnly(), codes);
  }

  private boolean isScanned(
      RowGraphView graph,
      @Nullable FilterMemo memo,
      int queryRows,
      SlotSearch search,
      int compared) {
    double rowsEach = meanRows(graph);
    double few = Math.max(few(graph, queryRows, search, compared), field.exactRows() / rowsEach);
    boolean isScanned =
        field.vectors().live() <= few
            || (memo != null && (memo.isByIds() || memo.estimate().matches() <= few));
    if (isScanned && memo != null) {
      FilterPlans.tried(FilterPlans.Plan.SCAN_MATCHES, false);
    }
    return isScanned;
  }

  /**
   * How many multivectors can all be compared for what walks cost. With a filter these cost more
   * than that, or are none.
   */
  private double few(RowGraphView graph, int queryRows, SlotSearch search, int compared) {
    if (field.isGraphPreferred() || graph.rows().settings().isOnDisk()) {
      return SCANNED_FACTOR * (double) compared;
    }
    MultiCost cost =
        new MultiCost(field.metric(), queryRows, meanRows(graph), field.vectors().dimension());
    return cost.walkingNanos(graph.rows(), search, compared) / cost.comparingNanos(1);
  }

  private static int atMost(double wanted) {
    return (int) Math.min(wanted, Integer.MAX_VALUE / 4);
  }

  private boolean findRows(
      RowGraphView graph,
      float[][] rows,
      SlotSearch search,
      @Nullable FilterMemo memo,
      NearRows near) {
    FilteredSearch.@Nullable Matches matches =
        memo == null ? null : new RowMatches(graph, new MemoMatches(view, memo), meanRows(graph));
    TopSlots top = new TopSlots(search.k());
    for (float[] row : rows) {
      top.reset(search.k());
      boolean isFound =
          matches == null
              ? graph.rows().search(row, search, this::isLiveRow, top)
              : new FilteredSearch(graph.rows(), matches, row, search).tryPlans(top);
      used(graph, top);
      if (!isFound) {
        return false;
      }
      top.sort();
      near.add(top);
    }
    return true;
  }

  private boolean isLiveRow(int row) {
    RowGraphView graph = field.graph();
    int slot = graph == null ? -1 : graph.slotOf(row);
    return slot >= 0 && view.isLive(slot);
  }

  private double meanRows(RowGraphView graph) {
    return Math.max(1, (double) graph.rows().rows() / Math.max(1, field.vectors().live()));
  }

  private static void used(RowGraphView graph, TopSlots top) {
    long rowBytes = graph.rows().settings().rowBytes();
    HardwareUsage.add(HardwareUsage.Part.CPU, top.costRows() * rowBytes);
    HardwareUsage.add(HardwareUsage.Part.VECTOR_READ, top.fileRows() * rowBytes);
  }

  private void compare(TopSlots candidates, float[][] rows, TopHits hits) {
    NamedVectors.Scorer scorer = field.scorer(rows);
    SlotScorer scores =
        (slots, count, out) -> {
          scorer.score(slots, count, out);
          for (int i = 0; i < count; i++) {
            out[i] = field.metric().toScore(out[i]);
          }
        };
    SlotBatch batch = new SlotBatch(scores, hits);
    for (int i = 0; i < candidates.size(); i++) {
      batch.add(candidates.slot(i));
    }
    batch.flush();
  }

  /**
   * Rows of the points that match.
   *
   * @param mean rows of a point
   */
  private record RowMatches(RowGraphView graph, FilteredSearch.Matches points, double mean)
      implements FilteredSearch.Matches {
    @Override
    public long count(int from, int to) {
      return (long) (points.count(0, Integer.MAX_VALUE) * mean * share(from, to));
    }

    @Override
    public long open(int from, int to) {
      return (long) (points.open(0, Integer.MAX_VALUE) * mean * share(from, to));
    }

    private double share(int from, int to) {
      return Math.min(1, (double) (to - from) / Math.max(1, graph.rows().rows()));
    }

    @Override
    public boolean contains(int row) {
      int slot = graph.slotOf(row);
      return slot >= 0 && points.contains(slot);
    }

    @Override
    public SlotAcceptor acceptor(long tests) {
      SlotAcceptor accepted = points.acceptor(tests);
      return row -> {
        int slot = graph.slotOf(row);
        return slot >= 0 && accepted.accept(slot);
      };
    }

    @Override
    public void forEach(int from, int to, FilteredSearch.SlotsConsumer consumer) {
      RowBatch batch = new RowBatch(from, to, consumer);
      points.forEach(
          0,
          Integer.MAX_VALUE,
          (slots, count) -> {
            boolean isWanted = true;
            for (int i = 0; i < count && isWanted; i++) {
              isWanted = graph.forEachRow(slots[i], batch);
            }
            return isWanted;
          });
      batch.flush();
    }
  }

  /** Gathers rows in {@code [from, to)} to hand them over together. */
  private static final class RowBatch implements IntPredicate {
    private final int from;
    private final int to;
    private final FilteredSearch.SlotsConsumer consumer;
    private final int[] rows = new int[SlotBatch.SLOTS_MAX];
    private int count;
    private boolean isEnough;

    RowBatch(int from, int to, FilteredSearch.SlotsConsumer consumer) {
      this.from = from;
      this.to = to;
      this.consumer = consumer;
    }

    @Override
    public boolean test(int row) {
      if (row >= from && row < to) {
        rows[count++] = row;
        if (count == rows.length) {
          flush();
        }
      }
      return !isEnough && row < to;
    }

    void flush() {
      if (count > 0 && !isEnough) {
        isEnough = !consumer.take(rows, count);
      }
      count = 0;
    }
  }
}
