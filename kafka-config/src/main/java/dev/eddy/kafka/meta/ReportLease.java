package dev.eddy.kafka.meta;

/**
 * Whether the rest of the cluster knows that this node lives, so that a change of metadata waits
 * for it.
 *
 * <p>The controller waits for nodes that report. A node whose reports do not get through is not
 * waited for, so it may not trust what it read before: it has to read again after its reports got
 * through. Safe from any thread.
 */
final class ReportLease {
  private final long lengthNanos;
  private boolean isReported; // guarded by this
  private long lastSentNanos; // guarded by this
  private long streakNanos; // guarded by this

  /**
   * No report got through yet.
   *
   * @param lengthNanos how old the newest report may be when it was sent
   */
  ReportLease(long lengthNanos) {
    this.lengthNanos = lengthNanos;
  }

  /** A report was acknowledged; both times are of the monotonic clock. */
  synchronized void acknowledged(long sentNanos, long acknowledgedNanos) {
    if (!isReported || sentNanos - lastSentNanos > lengthNanos) {
      streakNanos = acknowledgedNanos;
    }
    if (!isReported || sentNanos - lastSentNanos > 0) {
      lastSentNanos = sentNanos;
    }
    isReported = true;
  }

  /**
   * Whether what was read from a moment on may be trusted now.
   *
   * @param readNanos when the newest complete reading began
   */
  synchronized boolean covers(long readNanos, long nowNanos) {
    return isReported && nowNanos - lastSentNanos <= lengthNanos && readNanos - streakNanos >= 0;
  }
}
