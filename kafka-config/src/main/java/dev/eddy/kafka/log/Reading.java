package dev.eddy.kafka.log;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A partition as one reader reads it. Owned by the reader's thread. */
final class Reading {
  private final Tail tail;

  /** A batch that the sink has no room for; the partition is paused meanwhile. */
  @Nullable LogBatch refused;

  /** Look-ups in a row that did not find the topic. */
  int misses;

  private long readNanos;
  private int readsOfTurn;
  private long leaveNanos;
  private boolean isLeaving;

  Reading(Tail tail, long nowNanos) {
    this.tail = tail;
    this.readNanos = nowNanos;
  }

  Tail tail() {
    return tail;
  }

  TopicPartition partition() {
    return tail.kafkaPartition();
  }

  void noteRead(long nowNanos) {
    readNanos = nowNanos;
    readsOfTurn++;
  }

  /** Nanoseconds without data. */
  long quietNanos(long nowNanos) {
    return nowNanos - readNanos;
  }

  /** How often there was data since this was asked last. */
  int takeReads() {
    int reads = readsOfTurn;
    readsOfTurn = 0;
    return reads;
  }

  /** Another reader reads it, too, and this one ends at that time. */
  void leaveAt(long nanos) {
    leaveNanos = nanos;
    isLeaving = true;
  }

  /** It came back. */
  void stay(long nowNanos) {
    isLeaving = false;
    readNanos = nowNanos;
  }

  boolean isLeaving() {
    return isLeaving;
  }

  boolean isToEnd(long nowNanos) {
    return isLeaving && nowNanos - leaveNanos >= 0;
  }
}
