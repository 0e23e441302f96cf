package dev.eddy.kafka.log;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Appends records to point logs. Safe from any thread.
 *
 * <p>Appends of one thread to one partition keep their order. The first append to a topic may block
 * its caller for up to a second while the topic is looked up; later ones do not block. The future
 * completes on an internal thread: what depends on it must be short or go elsewhere.
 *
 * <p>A future fails with one of
 *
 * <ul>
 *   <li>{@link RecordTooLargeForLogException}, {@link LogBusyException}: nothing was appended;
 *   <li>{@link TopicGoneException}: the log was dropped, so it does not matter;
 *   <li>{@link AppendOutcomeUnknownException}: the record may be in the log, now or soon.
 * </ul>
 */
public interface PointLogWriter extends AutoCloseable {
  /**
   * Appends a value without key and headers. The array must not be changed before the future is
   * done.
   */
  default CompletableFuture<Long> append(LogPartition partition, byte[] value) {
    return append(partition, value, List.of());
  }

  /**
   * Appends a record.
   *
   * @return completes with the record's offset when it is acknowledged by all in-sync replicas
   */
  CompletableFuture<Long> append(LogPartition partition, byte[] value, List<LogHeader> headers);

  /**
   * Tells that a log was dropped: what is on the way to it fails at once, and so does every later
   * append.
   *
   * @param topicId the dropped topic's id
   */
  void logDropped(UUID topicId);

  /** Waits for what is on the way, at most a few seconds, and releases everything. */
  @Override
  void close();
}
