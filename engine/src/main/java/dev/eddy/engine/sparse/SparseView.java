package dev.eddy.engine.sparse;

import dev.eddy.engine.column.ColumnEntry;
import dev.eddy.engine.column.ColumnView;
import dev.eddy.model.usage.HardwareUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The sparse vectors of a name at one moment. Immutable, safe from any thread.
 *
 * <p>A score is the sum of products in ascending order of indices, in float32, whichever way a slot
 * is found: one slot has one score.
 */
public final class SparseView {
  /**
   * Entries of lists that are added up in the time of scoring one vector, which lies anywhere in a
   * mapped file: measured with vectors of 100 entries, see {@code docs/benchmarks.md}.
   */
  private static final int ENTRIES_PER_SCORING = 260;

  private final ColumnView column;
  private final List<IndexPart> parts;
  private final int indexed;

  /**
   * @param parts of all slots, ascending
   */
  SparseView(ColumnView column, List<IndexPart> parts, int indexed) {
    this.column = column;
    this.parts = parts;
    this.indexed = indexed;
  }

  /** Live slots whose vector has an index. */
  public int indexed() {
    return indexed;
  }

  /** Whether the slot has a vector. */
  public boolean contains(int slot) {
    return column.contains(slot);
  }

  /** Puts the vector of a slot in reach, indices ascending; false when there is none. */
  public boolean find(int slot, ColumnEntry entry) {
    return column.find(slot, entry);
  }

  /**
   * Offers every slot that may be among as many of the best as are wanted: what shares an index
   * with the query, is accepted, and is not below the threshold. Exact.
   *
   * @param among all slots that are accepted, where only some are: when they are few, they are
   *     scored one by one
   */
  public void search(SparseQuery query, @Nullable Among among, SparseHits hits) {
    Scorer scorer = scorer(query);
    List<IndexPart.Lists> found = new ArrayList<>(parts.size());
    long entries = 0;
    for (IndexPart part : parts) {
      IndexPart.Lists lists = part.lists(query);
      found.add(lists);
      entries += lists.entries();
    }
    if (among != null && among.count() * ENTRIES_PER_SCORING < entries) {
      among.forEach(slot -> {
        offer(slot, scorer, hits);
        return true;
      });
    } else if (entries > 0) {
      scan(scaled(query, found), found, scorer, hits);
    }
  }

  private static void offer(int slot, Scorer scorer, SparseHits hits) {
    float score = scorer.score(slot);
    // Not if it is no number: the slot has no vector then, or shares no index.
    if (score >= hits.threshold()) {
      hits.offer(slot, score);
    }
  }

  private static ScaledQuery scaled(SparseQuery query, List<IndexPart.Lists> found) {
    double[] magnitudes = new double[query.indices().length];
    for (int i = 0; i < magnitudes.length; i++) {
      double largest = 0;
      for (IndexPart.Lists lists : found) {
        largest = Math.max(largest, lists.magnitude(i));
      }
      magnitudes[i] = Math.abs((double) query.values()[i]) * largest;
    }
    return ScaledQuery.of(query, magnitudes);
  }

  private void scan(
      ScaledQuery query, List<IndexPart.Lists> found, Scorer scorer, SparseHits hits) {
    List<IndexPart> unread = new ArrayList<>();
    if (query.isFinite()) {
      CandidateScan scan = new CandidateScan(query, column.slotCount(), hits);
      for (int i = 0; i < found.size(); i++) {
        CandidateScan.Part part = found.get(i).open(query);
        if (part == null) {
          unread.add(parts.get(i));
        } else {
          scan.scan(part);
        }
      }
      scan.finish(scorer);
    } else {
      unread.addAll(parts);
    }
    for (IndexPart part : unread) {
      for (int slot = part.from(); slot < Math.min(part.to(), column.slotCount()); slot++) {
        if (column.contains(slot) && hits.accepts(slot)) {
          offer(slot, scorer, hits);
        }
      }
    }
  }

  /** Scores single slots by a query. One thread. */
  public final class Scorer {
    private final QueryWeights weights;
    private final ColumnEntry entry = new ColumnEntry();

    private Scorer(SparseQuery query) {
      this.weights = new QueryWeights(query);
    }

    /** NaN when the slot shares no index with the query or has no vector. */
    public float score(int slot) {
      if (!column.find(slot, entry)) {
        return Float.NaN;
      }
      HardwareUsage.add(HardwareUsage.Part.CPU, entry.units() * (long) Float.BYTES);
      if (entry.isMapped()) {
        HardwareUsage.add(HardwareUsage.Part.VECTOR_READ, entry.mappedBytes());
      }
      return weights.score(entry);
    }

    private boolean isShared(int slot) {
      return column.find(slot, entry) && weights.isShared(entry);
    }
  }

  /** To score slots one by one. */
  public Scorer scorer(SparseQuery query) {
    return new Scorer(query);
  }

  /**
   * How many live slots have an index.
   *
   * @param isLive which slots of this moment are live
   */
  public int frequency(int wanted, IntPredicate isLive) {
    int count = 0;
    for (IndexPart part : parts) {
      int some = part.frequency(wanted, isLive);
      count += some >= 0 ? some : counted(part, wanted, isLive);
    }
    return count;
  }

  private int counted(IndexPart part, int wanted, IntPredicate isLive) {
    Scorer one = scorer(new SparseQuery(new int[] {wanted}, new float[] {1}));
    int count = 0;
    for (int slot = part.from(); slot < Math.min(part.to(), column.slotCount()); slot++) {
      count += isLive.test(slot) && one.isShared(slot) ? 1 : 0;
    }
    return count;
  }
}
