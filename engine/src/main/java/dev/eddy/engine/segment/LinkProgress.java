package dev.eddy.engine.segment;

import java.util.Objects;
import java.util.TreeMap;

/**
 * Which rows of a growing segment are linked: rows are claimed in order, completed in any order,
 * and the watermark is the end of the completed prefix. After a failure nothing is claimed until it
 * is resumed, and then what failed first. Thread-safe.
 */
final class LinkProgress {
  /** No range to link now. */
  static final long NONE = -1;

  /**
   * Rows that one thread links alone, so that the first nodes of a graph do not miss each other.
   */
  private static final int SOLO_ROWS = 256;

  private final TreeMap<Integer, Integer> completedAhead = new TreeMap<>();

  /** Ranges that failed and are to be claimed again. */
  private final TreeMap<Integer, Integer> failed = new TreeMap<>();

  private volatile int failedRows;
  private int failedEnd;
  private int rowsInFlight;
  private volatile int target;
  private volatile int next;
  private volatile int watermark;
  private volatile boolean isPaused;
  private volatile boolean isClosed;

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

  /** Rows that may be claimed now. */
  int unclaimed() {
    return isClosed || isPaused ? 0 : target - next + failedRows;
  }

  /** Whether somebody is linking rows and will complete them. */
  synchronized boolean isInFlight() {
    return !isClosed && rowsInFlight > 0;
  }

  /** Claims up to most rows; the range as {@code from << 32 | to}, or {@link #NONE}. */
  synchronized long claim(int most) {
    Integer again = failed.isEmpty() ? null : failed.firstKey();
    int from = again == null ? next : again;
    if (isClosed || isPaused || from >= target || (from > watermark && watermark < SOLO_ROWS)) {
      return NONE;
    }
    int to = again == null ? Math.min(target, from + most) : claimFailed(from, most);
    next = Math.max(next, to);
    rowsInFlight += to - from;
    return ((long) from << 32) | to;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // Under the monitor.
  private int claimFailed(int from, int most) {
    int end = Objects.requireNonNull(failed.remove(from), "failed range");
    int to = Math.min(end, from + most);
    if (to < end) {
      failed.put(to, end);
    }
    failedRows -= to - from;
    return to;
  }

  /** The rows of a claimed range are linked. */
  synchronized void complete(int from, int to) {
    rowsInFlight -= to - from;
    completedAhead.put(from, to);
    Integer end = completedAhead.remove(watermark);
    while (end != null) {
      watermark = end;
      end = completedAhead.remove(end);
    }
  }

  /**
   * Of a claimed range the rows below {@code at} are linked, and that one could not be: it may be
   * linked in part. No more claims until {@link #resume}.
   */
  @SuppressWarnings("NonAtomicVolatileUpdate") // Under the monitor.
  synchronized void fail(int from, int at, int to) {
    isPaused = true;
    if (at > from) {
      complete(from, at);
    }
    rowsInFlight -= to - at;
    failed.put(at, to);
    failedRows += to - at;
    failedEnd = Math.max(failedEnd, to);
  }

  /** Whether a row has failed, and not been linked since. */
  synchronized boolean isBehind() {
    return watermark < failedEnd;
  }

  /** Whether a row that is claimed may have been linked in part. */
  synchronized boolean isAgain(int row) {
    return row < failedEnd;
  }

  /** Rows may be claimed again. */
  synchronized void resume() {
    isPaused = false;
  }

  /** No more claims. */
  synchronized void close() {
    isClosed = true;
  }
}
