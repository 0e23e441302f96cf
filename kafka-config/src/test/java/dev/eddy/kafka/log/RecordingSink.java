package dev.eddy.kafka.log;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Keeps what it is given; can be told to refuse. */
final class RecordingSink implements PartitionSink {
  private final List<LogRecord> records = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
  private long position = -1;
  private int leaderEpoch = -1;
  private boolean isRefusing;
  private int refusals;
  private String reader = "";

  @Override
  public synchronized boolean offer(LogBatch batch) {
    if (isRefusing) {
      refusals++;
      return false;
    }
    records.addAll(batch.records());
    reader = Thread.currentThread().getName();
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

  synchronized void refuse(boolean isRefusing) {
    this.isRefusing = isRefusing;
  }

  synchronized int refusals() {
    return refusals;
  }

  /** Name of the thread that was the last to bring something. */
  synchronized String reader() {
    return reader;
  }

  synchronized List<LogRecord> records() {
    return List.copyOf(records);
  }

  synchronized List<String> events() {
    return List.copyOf(events);
  }

  synchronized long position() {
    return position;
  }

  synchronized int leaderEpoch() {
    return leaderEpoch;
  }
}
