package dev.eddy.testkit;

import dev.eddy.kafka.log.LogBatch;
import dev.eddy.kafka.log.LogRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The records of one partition in memory, with Kafka's rules for offsets, leader epochs, trimming
 * and truncation. Not thread-safe.
 */
final class MemoryPartition {
  private final NavigableMap<Long, LogRecord> records = new TreeMap<>();
  private final NavigableMap<Integer, Long> epochStarts = new TreeMap<>(Map.of(0, 0L));
  private long startOffset;
  private long endOffset;

  long append(byte[] value, List<dev.eddy.kafka.log.LogHeader> headers, long timestampMs) {
    long offset = endOffset++;
    records.put(
        offset,
        new LogRecord(offset, epochStarts.lastKey(), timestampMs, value, List.copyOf(headers)));
    return offset;
  }

  void skip(int count) {
    endOffset += count;
  }

  void deleteBefore(long offset) {
    startOffset = Math.max(startOffset, Math.min(offset, endOffset));
    records.headMap(startOffset).clear();
  }

  void truncate(long newEnd) {
    endOffset = Math.min(endOffset, newEnd);
    records.tailMap(endOffset).clear();
    int epoch = epochStarts.lastKey();
    epochStarts.values().removeIf(start -> start > endOffset);
    epochStarts.put(epoch + 1, endOffset);
  }

  void electLeader() {
    epochStarts.put(epochStarts.lastKey() + 1, endOffset);
  }

  long startOffset() {
    return startOffset;
  }

  long endOffset() {
    return endOffset;
  }

  /**
   * First offset at which the log differs from what a reader at this position and epoch has read;
   * the position itself if it doesn't.
   */
  long divergence(long position, int epoch) {
    if (epoch < 0) {
      return position;
    }
    Map.Entry<Integer, Long> next = epochStarts.higherEntry(epoch);
    return Math.min(position, next == null ? endOffset : next.getValue());
  }

  LogBatch read(long position, int recordCountMax) {
    List<LogRecord> batch = new ArrayList<>();
    for (LogRecord record : records.tailMap(position).values()) {
      if (batch.size() == recordCountMax) {
        return new LogBatch(batch, record.offset(), epochOf(record.offset() - 1));
      }
      batch.add(record);
    }
    return new LogBatch(batch, endOffset, epochStarts.lastKey());
  }

  /** Offsets without records belong to an epoch, too: a reader that passed them knows it. */
  private int epochOf(long offset) {
    int epoch = epochStarts.firstKey();
    for (Map.Entry<Integer, Long> each : epochStarts.entrySet()) {
      if (each.getValue() <= offset) {
        epoch = each.getKey();
      }
    }
    return epoch;
  }
}
