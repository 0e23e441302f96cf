package dev.eddy.index.host;

/**
 * When a shard's next checkpoint is due: before the interval or the log bytes since the last one
 * are used up. Changed by the shard's writer only; safe to ask from any thread.
 */
final class CheckpointPolicy {
  /** Due at this share of a limit, so that waiting for a turn and writing fit below it. */
  private static final double DUE_SHARE = 0.8;

  /** After a failure, before the next attempt. */
  private static final long RETRY_NANOS = 5_000_000_000L;

  private final long intervalNanos;
  private final long logBytes;

  private long bytes;
  private boolean dirty;
  private long dirtySinceNanos;
  private long notBeforeNanos;
  private boolean delayed;

  CheckpointPolicy(HostSettings settings) {
    this.intervalNanos = (long) (settings.checkpointInterval().toNanos() * DUE_SHARE);
    this.logBytes = (long) (settings.checkpointLogBytes() * DUE_SHARE);
  }

  synchronized void applied(long appliedBytes, long nowNanos) {
    if (!dirty) {
      dirty = true;
      dirtySinceNanos = nowNanos;
    }
    bytes += appliedBytes;
  }

  synchronized boolean isDirty() {
    return dirty;
  }

  synchronized boolean isDue(long nowNanos) {
    return dirty
        && (bytes >= logBytes || nowNanos - dirtySinceNanos >= intervalNanos)
        && (!delayed || nowNanos - notBeforeNanos >= 0);
  }

  synchronized void written() {
    dirty = false;
    delayed = false;
    bytes = 0;
  }

  synchronized void failed(long nowNanos) {
    delayed = true;
    notBeforeNanos = nowNanos + RETRY_NANOS;
  }
}
