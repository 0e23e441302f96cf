package dev.eddy.engine.graph;

import java.util.Arrays;

/**
 * The beam of a search: nodes sorted best first, each expanded or not, accepted as a result or only
 * a stepping stone.
 *
 * <p>An entry is one long: inverted score bits, then the node, then two flags; ascending longs are
 * best first, ties by the smaller node. It keeps the best {@code ef} accepted nodes and every
 * stepping stone better than the worst of these, which is what hnswlib's two heaps keep, too.
 */
final class CandidatePool {
  /** Largest node number that fits an entry. */
  static final int NODE_MAX = (1 << 30) - 1;

  private static final long EXPANDED = 1;
  private static final long ACCEPTED = 2;

  private long[] entries = new long[256];
  private int[] places = new int[64];
  private int size;
  private int accepted;
  private int ef;
  private int most;
  private int cursor;
  private long entered;
  private long enteredAccepted;

  void reset(int ef) {
    reset(ef, Integer.MAX_VALUE);
  }

  /**
   * Forgets everything.
   *
   * @param most entries to keep, stepping stones included; at least ef
   */
  void reset(int ef, int most) {
    this.ef = ef;
    this.most = most;
    this.size = 0;
    this.accepted = 0;
    this.cursor = 0;
    this.entered = 0;
    this.enteredAccepted = 0;
  }

  /** Scores above this matter. */
  float threshold() {
    return isFull() ? scoreOf(entries[size - 1]) : Float.NEGATIVE_INFINITY;
  }

  /** Whether a node of this score matters. */
  boolean admits(float score) {
    return !isFull() || score > scoreOf(entries[size - 1]);
  }

  private boolean isFull() {
    return accepted >= ef || size >= most;
  }

  /**
   * Whether it has no room though it is short of hits: nodes that matter may have been cut or
   * refused.
   */
  boolean isShort() {
    return size >= most && accepted < ef;
  }

  /** Inserts a node that is {@linkplain #admits admitted}. */
  void insert(int node, float score, boolean isAccepted) {
    long entry = entry(node, score, isAccepted);
    int at = position(entry, size);
    if (size == entries.length) {
      entries = Arrays.copyOf(entries, size * 2);
    }
    System.arraycopy(entries, at, entries, at + 1, size - at);
    entries[at] = entry;
    size++;
    cursor = Math.min(cursor, at);
    entered++;
    if (isAccepted) {
      enteredAccepted++;
      accepted++;
    }
    trim();
  }

  /** A node as {@link #merge} takes it. */
  static long entry(int node, float score, boolean isAccepted) {
    return ((long) ~ScoreBits.sortable(score) << 32)
        | ((long) node << 2)
        | (isAccepted ? ACCEPTED : 0);
  }

  /**
   * Inserts many nodes at once, which costs less than one by one: places are looked up
   * independently of each other, and every entry moves once.
   *
   * @param more entries, in any order; sorted by this
   */
  void merge(long[] more, int count) {
    if (count == 0) {
      return;
    }
    Arrays.sort(more, 0, count);
    if (places.length < count) {
      places = new int[Math.max(count, 2 * places.length)];
    }
    if (entries.length < size + count) {
      entries = Arrays.copyOf(entries, Math.max(size + count, 2 * entries.length));
    }
    int moreAccepted = 0;
    for (int i = 0; i < count; i++) {
      places[i] = position(more[i], size);
      moreAccepted += (int) ((more[i] & ACCEPTED) >>> 1);
    }
    accepted += moreAccepted;
    entered += count;
    enteredAccepted += moreAccepted;
    int end = size;
    for (int i = count - 1; i >= 0; i--) {
      int place = places[i];
      System.arraycopy(entries, place, entries, place + i + 1, end - place);
      entries[place + i] = more[i];
      end = place;
    }
    size += count;
    cursor = Math.min(cursor, places[0]);
    trim();
  }

  /**
   * Where the entry belongs among the first ones; written so that it compiles to conditional moves:
   * its branches are a coin's toss.
   */
  private int position(long entry, int end) {
    int base = 0;
    int count = end;
    while (count > 1) {
      int half = count >>> 1;
      base = entries[base + half - 1] < entry ? base + half : base;
      count -= half;
    }
    return count == 1 && entries[base] < entry ? base + 1 : base;
  }

  /** Cuts everything behind the ef-th accepted entry, and what are too many. */
  private void trim() {
    if (accepted >= ef) {
      while (accepted > ef || (entries[size - 1] & ACCEPTED) == 0) {
        dropLast();
      }
    }
    while (size > most) {
      dropLast();
    }
  }

  private void dropLast() {
    size--;
    accepted -= (int) ((entries[size] & ACCEPTED) >>> 1);
  }

  /** The best node not expanded yet, now marked expanded; -1 when there is none. */
  int expandNext() {
    while (cursor < size) {
      long entry = entries[cursor];
      if ((entry & EXPANDED) == 0) {
        entries[cursor++] = entry | EXPANDED;
        return nodeOf(entry);
      }
      cursor++;
    }
    return -1;
  }

  /**
   * Up to most of the best nodes not expanded yet, now marked expanded.
   *
   * @param isAccepted told of each whether it is a result
   * @return how many there are
   */
  int expandNext(int[] nodes, boolean[] isAccepted, int most) {
    int found = 0;
    while (cursor < size && found < most) {
      long entry = entries[cursor];
      if ((entry & EXPANDED) == 0) {
        entries[cursor] = entry | EXPANDED;
        nodes[found] = nodeOf(entry);
        isAccepted[found++] = (entry & ACCEPTED) != 0;
      }
      cursor++;
    }
    return found;
  }

  int size() {
    return size;
  }

  /** Nodes inserted since the reset, those that fell out again included. */
  long entered() {
    return entered;
  }

  /** The accepted ones of these. */
  long enteredAccepted() {
    return enteredAccepted;
  }

  int nodeAt(int index) {
    return nodeOf(entries[index]);
  }

  float scoreAt(int index) {
    return scoreOf(entries[index]);
  }

  boolean isAcceptedAt(int index) {
    return (entries[index] & ACCEPTED) != 0;
  }

  /** Gives back memory that a search with an unusually large beam took. */
  void shrink() {
    if (entries.length > 1 << 16) {
      entries = new long[256];
    }
  }

  static int nodeOf(long entry) {
    return (int) (entry >>> 2) & NODE_MAX;
  }

  static float scoreOf(long entry) {
    return ScoreBits.score(~(int) (entry >> 32));
  }
}
