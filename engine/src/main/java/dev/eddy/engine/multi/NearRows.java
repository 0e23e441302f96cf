package dev.eddy.engine.multi;

import dev.eddy.engine.segment.TopSlots;

/**
 * Gathers the rows found near each row of a query, and tells which multivectors they speak for.
 *
 * <p>Of a multivector, the rows near some of the query's rows are known, and of the others that
 * they are no nearer than the last one found. Its sum of best similarities is at most what follows
 * from that (as in Lee et al. 2023, "Rethinking the role of token retrieval"), and by that bound
 * multivectors are chosen. Not thread-safe.
 */
public final class NearRows {
  private static final int FIRST_CAPACITY = 1 << 10;

  private final RowGraphView graph;

  /** Open addressing, a power of two long: slots plus 1, 0 = free. */
  private int[] keys = new int[FIRST_CAPACITY];

  /** How much better than the last one found, summed over the query's rows. */
  private float[] gains = new float[FIRST_CAPACITY];

  /** The row of the query that was counted last. */
  private int[] counted = new int[FIRST_CAPACITY];

  private int size;
  private int queryRow;

  public NearRows(RowGraphView graph) {
    this.graph = graph;
  }

  /**
   * What was found for the query's next row.
   *
   * @param found sorted
   */
  public void add(TopSlots found) {
    queryRow++;
    if (found.size() == 0) {
      return;
    }
    float last = found.score(found.size() - 1);
    for (int i = 0; i < found.size(); i++) {
      int slot = graph.slotOf(found.slot(i));
      if (slot >= 0) {
        gain(slot, found.score(i) - last);
      }
    }
  }

  /** The first of a slot's rows is its best. */
  private void gain(int slot, float gain) {
    if (2 * size >= keys.length) {
      grow();
    }
    int at = place(slot);
    if (keys[at] == 0) {
      keys[at] = slot + 1;
      size++;
    } else if (counted[at] == queryRow) {
      return;
    }
    gains[at] += gain;
    counted[at] = queryRow;
  }

  private int place(int slot) {
    int mask = keys.length - 1;
    int at = (slot * 0x9E3779B9) >>> 7 & mask;
    while (keys[at] != 0 && keys[at] != slot + 1) {
      at = at + 1 & mask;
    }
    return at;
  }

  private void grow() {
    int[] formerKeys = keys;
    float[] formerGains = gains;
    int[] formerCounted = counted;
    keys = new int[2 * formerKeys.length];
    gains = new float[keys.length];
    counted = new int[keys.length];
    for (int i = 0; i < formerKeys.length; i++) {
      if (formerKeys[i] != 0) {
        int at = place(formerKeys[i] - 1);
        keys[at] = formerKeys[i];
        gains[at] = formerGains[i];
        counted[at] = formerCounted[i];
      }
    }
  }

  /** Slots of multivectors that rows were found of. */
  public int size() {
    return size;
  }

  /** The slots with the highest bounds, at most so many, the highest first. */
  public TopSlots best(int most) {
    TopSlots best = new TopSlots(most);
    for (int i = 0; i < keys.length; i++) {
      if (keys[i] != 0) {
        best.offer(keys[i] - 1, gains[i]);
      }
    }
    best.sort();
    return best;
  }
}
