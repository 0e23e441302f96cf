package dev.eddy.testkit;

import dev.eddy.kafka.log.LogBatch;
import dev.eddy.kafka.log.LogRecord;
import dev.eddy.kafka.log.PartitionSink;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A sink that keeps what it is given and can be told to refuse. Safe from any thread. */
public final class RecordingSink implements PartitionSink {
  private final List<LogRecord> records = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
  private long position = -1;
  private int leaderEpoch = -1;
  private boolean isRefusing;
  private int refusals;

  @Override
  public synchronized boolean offer(LogBatch batch) {
    if (isRefusing) {
      refusals++;
      return false;
    }
    records.addAll(batch.records());
    position = batch.nextPosition();
    leaderEpoch = batch.leaderEpoch();
    return true;
  }

  @Override
  public synchronized void logTruncated(long divergentOffset) {
    events.add("truncated at " + divergentOffset);
  }

  @Override
  public synchronized void outOfRange(long position) {
    events.add("out of range at " + position);
  }

  @Override
  public synchronized void logGone(UUID expected) {
    events.add("gone");
  }

  /** Whether further batches are refused. */
  public synchronized void refuse(boolean isRefusing) {
    this.isRefusing = isRefusing;
  }

  /** How many offers were refused. */
  public synchronized int refusals() {
    return refusals;
  }

  /** All records taken, in order. */
  public synchronized List<LogRecord> records() {
    return List.copyOf(records);
  }

  /**
   * Failures reported, as words: {@code truncated at 3}, {@code out of range at 1}, {@code gone}.
   */
  public synchronized List<String> events() {
    return List.copyOf(events);
  }

  /** Next position after the last batch taken, -1 before the first. */
  public synchronized long position() {
    return position;
  }

  /** Epoch of the last batch taken. */
  public synchronized int leaderEpoch() {
    return leaderEpoch;
  }
}
