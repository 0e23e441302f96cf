package dev.eddy.engine.segment;

import dev.eddy.engine.graph.ScoreBits;
import java.util.Arrays;

/**
 * Keeps the best k slots offered: higher score first, then the smaller slot. Primitive, reusable,
 * not thread-safe.
 *
 * <p>Offer, then {@link #sort()}, then read {@link #slot} and {@link #score} by rank.
 */
public final class TopSlots {
  private static final int FIRST_CAPACITY = 64;

  /** Score bits, then inverted slot: a larger long is a better hit. A min-heap until sorted. */
  private long[] hits = new long[0];

  private int k;
  private int size;
  private boolean isSorted;
  private long visitedRows;
  private long costRows;
  private long fileRows;

  /** Keeps the best k. */
  public TopSlots(int k) {
    reset(k);
  }

  /** Forgets everything and keeps the best k from now on; k is at least 1. */
  public void reset(int k) {
    if (k < 1) {
      throw new IllegalArgumentException("k must be at least 1, got " + k);
    }
    this.k = k;
    this.size = 0;
    this.isSorted = false;
    this.visitedRows = 0;
    this.costRows = 0;
    this.fileRows = 0;
  }

  /** Forgets the hits, but not what was visited for them. */
  public void restart() {
    size = 0;
    isSorted = false;
  }

  /** Offers a hit; a NaN score ranks below all others. */
  public void offer(int slot, float score) {
    long hit = ((long) ScoreBits.sortable(score) << 32) | (~slot & 0xffffffffL);
    if (size < k) {
      add(hit);
    } else if (hit > hits[0]) {
      hits[0] = hit;
      siftDown(0);
    }
  }

  /** Takes the hits of another one, and what was visited for them. */
  public void take(TopSlots other) {
    for (int i = 0; i < other.size; i++) {
      offer(other.slot(i), other.score(i));
    }
    visitedRows += other.visitedRows;
    costRows += other.costRows;
    fileRows += other.fileRows;
  }

  /** Whether a hit of this score could be kept: false means that offering it is of no use. */
  public boolean admits(float score) {
    return size < k || ScoreBits.sortable(score) >= (int) (hits[0] >> 32);
  }

  /** The score below which nothing is kept any more; before {@link #sort}. */
  public float lowest() {
    return size < k ? Float.NEGATIVE_INFINITY : ScoreBits.score((int) (hits[0] >> 32));
  }

  private void add(long hit) {
    if (size == hits.length) {
      // Not k at once: k may be large and the hits few.
      hits = Arrays.copyOf(hits, Math.min(k, Math.max(FIRST_CAPACITY, 2 * size)));
    }
    int at = size++;
    while (at > 0 && hits[(at - 1) >>> 1] > hit) {
      hits[at] = hits[(at - 1) >>> 1];
      at = (at - 1) >>> 1;
    }
    hits[at] = hit;
  }

  private void siftDown(int start) {
    long moved = hits[start];
    int at = start;
    while (true) {
      int child = 2 * at + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && hits[child + 1] < hits[child]) {
        child++;
      }
      if (hits[child] >= moved) {
        break;
      }
      hits[at] = hits[child];
      at = child;
    }
    hits[at] = moved;
  }

  /** Orders the hits, best first. No more offers until the next {@link #reset}. */
  public void sort() {
    if (isSorted) {
      return;
    }
    Arrays.sort(hits, 0, size);
    for (int i = 0, j = size - 1; i < j; i++, j--) {
      long swapped = hits[i];
      hits[i] = hits[j];
      hits[j] = swapped;
    }
    isSorted = true;
  }

  /** Hits that are kept at most. */
  public int wanted() {
    return k;
  }

  /** Hits kept. */
  public int size() {
    return size;
  }

  /** The slot of a rank, 0 = best once sorted. */
  public int slot(int rank) {
    return ~(int) hits[rank];
  }

  /** The engine similarity of a rank. */
  public float score(int rank) {
    return ScoreBits.score((int) (hits[rank] >> 32));
  }

  /** Rows scored for these hits, in graphs and scans. */
  public long visitedRows() {
    return visitedRows;
  }

  void addVisitedRows(long rows) {
    addVisitedRows(rows, rows);
  }

  /**
   * Counts rows that were visited by something shorter.
   *
   * @param cost of how many whole rows that is the cost
   */
  void addVisitedRows(long rows, long cost) {
    visitedRows += rows;
    costRows += cost;
  }

  /** What all visited rows cost, in whole rows compared. */
  public long costRows() {
    return costRows;
  }

  /** Those of the visited rows that are in files. */
  public long fileRows() {
    return fileRows;
  }

  void addFileRows(long rows) {
    fileRows += rows;
  }
}
