package dev.eddy.kafka.log;

import java.util.List;

/**
 * A record as read from a log. Arrays are not copied: do not change them.
 *
 * @param offset the record's place in its partition; the version of what it changes
 * @param leaderEpoch epoch of the leader that appended it, -1 if unknown
 * @param timestampMs milliseconds since 1970 as set by the writer
 * @param value the record's bytes
 * @param headers in the order they were written
 */
public record LogRecord(
    long offset, int leaderEpoch, long timestampMs, byte[] value, List<LogHeader> headers) {}
