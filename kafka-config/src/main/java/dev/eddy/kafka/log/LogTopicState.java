package dev.eddy.kafka.log;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a writer knows of one log: whether its topic was found, is gone, and what is on the way to
 * it.
 *
 * <p>A topic that was not found is taken for gone for a second and then looked up again, since a
 * broker may learn of a new topic late; one that was declared dropped stays so.
 */
final class LogTopicState {
  private static final long GONE_NANOS = 1_000_000_000L;

  final Set<PendingAppend> pending = ConcurrentHashMap.newKeySet();
  final ReentrantLock lookup = new ReentrantLock();
  private volatile boolean isFound;
  private volatile boolean isDropped;
  private volatile boolean isMissing;
  private volatile long missingSinceNanos;
  private volatile long touchedNanos;
  private int misses; // owned by the watchdog

  LogTopicState(long nowNanos) {
    this.touchedNanos = nowNanos;
  }

  boolean isReady() {
    return isFound && !isDropped;
  }

  boolean isGone(long nowNanos) {
    return isDropped || (isMissing && nowNanos - missingSinceNanos < GONE_NANOS);
  }

  void found() {
    isMissing = false;
    isFound = true;
    misses = 0;
  }

  void missing(long nowNanos) {
    missingSinceNanos = nowNanos;
    isMissing = true;
    isFound = false;
  }

  void dropped() {
    isDropped = true;
  }

  /** Counts a look-up without result; true at the second in a row. */
  boolean missedAgain() {
    misses++;
    return misses >= 2;
  }

  void touch(long nowNanos) {
    touchedNanos = nowNanos;
  }

  boolean isIdleSince(long nanos) {
    return pending.isEmpty() && touchedNanos - nanos < 0;
  }

  boolean isAnyOlderThan(long startNanos) {
    for (PendingAppend append : pending) {
      if (append.startNanos - startNanos < 0) {
        return true;
      }
    }
    return false;
  }

  void failPendingAsGone() {
    for (PendingAppend append : pending) {
      append.future.completeExceptionally(new TopicGoneException(append.partition));
    }
  }
}
