package dev.eddy.index.host;

/**
 * How far the published state is behind the log, in milliseconds of log time: never less than what
 * is known, and 0 at the log's end.
 *
 * <p>Two bounds, the larger counts. What was fetched but not applied: the difference of record
 * times. What was not fetched: the time since the log had an end that isn't reached yet, by the
 * monotonic clock, as the times of those records aren't known.
 *
 * <p>Threading: safe from any thread.
 */
final class Staleness {
  private static final long NONE = -1;

  private long newestMs = Long.MIN_VALUE;
  private long appliedMs = Long.MIN_VALUE;
  private long goalEnd = NONE;
  private long goalSinceNanos;

  synchronized void received(long timestampMs) {
    newestMs = Math.max(newestMs, timestampMs);
  }

  synchronized void applied(long timestampMs) {
    appliedMs = Math.max(appliedMs, timestampMs);
  }

  /** The staleness, having seen position and log end at this moment. */
  synchronized long staleMs(long position, long logEnd, long nowNanos) {
    if (position >= logEnd) {
      goalEnd = NONE;
      return 0;
    }
    if (goalEnd == NONE || position >= goalEnd) {
      goalEnd = logEnd;
      goalSinceNanos = nowNanos;
    }
    long waitingMs = (nowNanos - goalSinceNanos) / 1_000_000;
    long backlogMs = appliedMs == Long.MIN_VALUE ? 0 : Math.max(0, newestMs - appliedMs);
    return Math.max(waitingMs, backlogMs);
  }
}
