package dev.eddy.engine.segment;

import java.util.TreeMap;

/**
 * Which rows of a growing segment are linked: rows are claimed in order, completed in any order,
 * and the watermark is the end of the completed prefix. Thread-safe.
 */
final class LinkProgress {
  /** No range to link now. */
  static final long NONE = -1;

  /**
   * Rows that one thread links alone, so that the first nodes of a graph do not miss each other.
   */
  private static final int SOLO_ROWS = 256;

  private final TreeMap<Integer, Integer> completedAhead = new TreeMap<>();
  private volatile int target;
  private volatile int next;
  private volatile int watermark;
  private boolean isClosed;

  /** Rows {@code [0, linked)} are linked already. */
  LinkProgress(int linked) {
    target = linked;
    next = linked;
    watermark = linked;
  }

  /** Rows {@code [0, count)} may be linked. Owner only. */
  void offer(int count) {
    target = count;
  }

  /** Rows {@code [0, watermark)} are linked. */
  int watermark() {
    return watermark;
  }

  /** Rows offered and not yet claimed. */
  int unclaimed() {
    return target - next;
  }

  /** Whether somebody is linking rows and will complete them. */
  synchronized boolean isInFlight() {
    return !isClosed && next > watermark;
  }

  /** Claims up to most rows; the range as {@code from << 32 | to}, or {@link #NONE}. */
  synchronized long claim(int most) {
    int from = next;
    if (isClosed || from >= target || (from > watermark && watermark < SOLO_ROWS)) {
      return NONE;
    }
    int to = Math.min(target, from + most);
    next = to;
    return ((long) from << 32) | to;
  }

  /** The rows of a claimed range are linked. */
  synchronized void complete(int from, int to) {
    completedAhead.put(from, to);
    Integer end = completedAhead.remove(watermark);
    while (end != null) {
      watermark = end;
      end = completedAhead.remove(end);
    }
  }

  /** No more claims. */
  synchronized void close() {
    isClosed = true;
  }
}
