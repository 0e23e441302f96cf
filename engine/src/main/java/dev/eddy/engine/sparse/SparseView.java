package dev.eddy.engine.sparse;

import dev.eddy.engine.column.SlotColumn;
import dev.eddy.model.usage.HardwareUsage;
import java.util.function.IntPredicate;

/**
 * The sparse vectors of a name at one moment. Immutable, safe from any thread.
 *
 * <p>A score is the sum of products in ascending order of indices, in float32, whichever way a slot
 * is found: one slot has one score.
 */
public final class SparseView {
  private final SlotColumn.View column;
  private final InvertedIndex.View index;
  private final int indexed;

  SparseView(SlotColumn.View column, InvertedIndex.View index, int indexed) {
    this.column = column;
    this.index = index;
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
  public boolean find(int slot, SlotColumn.Entry entry) {
    return column.find(slot, entry);
  }

  /**
   * Hands over every slot that shares an index with the query, but for those below its threshold.
   */
  public void search(SparseQuery query, SparseHits hits) {
    new WindowScan(index, query, column.slotCount()).run(hits);
  }

  /** The score of one slot; NaN when it shares no index with the query or has no vector. */
  public float score(SparseQuery query, int slot, SlotColumn.Entry scratch) {
    if (!column.find(slot, scratch)) {
      return Float.NaN;
    }
    HardwareUsage.add(HardwareUsage.Part.CPU, (scratch.to() - scratch.from()) * (long) Float.BYTES);
    int[] theirs = scratch.ints();
    float[] weights = scratch.floats();
    int[] ours = query.indices();
    float sum = 0f;
    boolean isShared = false;
    int at = scratch.from();
    int i = 0;
    while (i < ours.length && at < scratch.to()) {
      int order = Integer.compareUnsigned(ours[i], theirs[at]);
      if (order == 0) {
        sum += query.values()[i] * weights[at];
        isShared = true;
        i++;
        at++;
      } else if (order < 0) {
        i++;
      } else {
        at++;
      }
    }
    return isShared ? sum : Float.NaN;
  }

  /**
   * How many live slots have an index.
   *
   * @param isLive which slots of this moment are live
   */
  public int frequency(int wanted, IntPredicate isLive) {
    PostingList list = index.list(wanted);
    if (list == null) {
      return 0;
    }
    // Asked first: an entry that is not dead now was not dead at this moment.
    boolean hasDead = list.hasDead();
    int end = WindowScan.lowerBound(list, column.slotCount());
    if (!hasDead) {
      return end;
    }
    int[] slots = list.block().slots();
    int count = 0;
    for (int i = 0; i < end; i++) {
      count += isLive.test(slots[i]) ? 1 : 0;
    }
    return count;
  }
}
