package dev.eddy.kafka.log;

import java.util.List;

/**
 * What was read of one partition at once.
 *
 * @param records in offset order, offsets may have gaps; may be empty, when only control or removed
 *     records were passed
 * @param nextPosition offset from which reading goes on: everything below it is in this batch, in
 *     an earlier one, or is not a record. Only positions may be compared to find out what was
 *     covered, never the last record's offset.
 * @param leaderEpoch epoch that belongs to {@code nextPosition}, to be kept with it; -1 if unknown
 */
public record LogBatch(List<LogRecord> records, long nextPosition, int leaderEpoch) {
  public LogBatch {
    records = List.copyOf(records);
  }
}
