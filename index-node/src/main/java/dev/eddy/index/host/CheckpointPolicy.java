package dev.eddy.index.host;

/**
 * When a shard's next checkpoint is due: before the interval or the log bytes since the last one
 * are used up, and after a failure when its delay is over. Safe from any thread.
 */
final class CheckpointPolicy {
  /** Due at this share of a limit, so that waiting for a turn and writing fit below it. */
  private static final double DUE_SHARE = 0.8;

  private final long intervalNanos;
  private final long logBytes;
  private final RetryDelay retry;

  private Changes changes = Changes.NONE;

  /** What the checkpoint that is being written covers; none between checkpoints. */
  private Changes covered = Changes.NONE;

  private boolean isWriting;

  /** What was applied that no checkpoint holds. */
  private record Changes(boolean isDirty, long sinceNanos, long logBytes) {
    static final Changes NONE = new Changes(false, 0, 0);

    Changes then(Changes later) {
      if (!isDirty) {
        return later;
      }
      return new Changes(true, sinceNanos, logBytes + later.logBytes);
    }
  }

  CheckpointPolicy(HostSettings settings) {
    this.intervalNanos = (long) (settings.checkpointInterval().toNanos() * DUE_SHARE);
    this.logBytes = (long) (settings.checkpointLogBytes() * DUE_SHARE);
    this.retry = new RetryDelay(settings.retryDelayMin(), settings.retryDelayMax());
  }

  synchronized void changed(long appliedBytes, long nowNanos) {
    changes = changes.then(new Changes(true, nowNanos, appliedBytes));
  }

  synchronized boolean isDirty() {
    return changes.isDirty;
  }

  synchronized boolean isDue(long nowNanos) {
    return !isWriting
        && changes.isDirty
        && (changes.logBytes >= logBytes || nowNanos - changes.sinceNanos >= intervalNanos)
        && retry.isOver(nowNanos);
  }

  /** What was applied up to now is being written. */
  synchronized void begun() {
    isWriting = true;
    covered = changes;
    changes = Changes.NONE;
  }

  /**
   * Ends well.
   *
   * @return failures in a row before this
   */
  synchronized int written() {
    isWriting = false;
    covered = Changes.NONE;
    int failures = retry.failures();
    retry.succeeded();
    return failures;
  }

  /**
   * Everything is still to be written, later.
   *
   * @return failures in a row, this one included
   */
  synchronized int failed(long nowNanos) {
    isWriting = false;
    changes = covered.then(changes);
    covered = Changes.NONE;
    retry.failed(nowNanos);
    return retry.failures();
  }
}
