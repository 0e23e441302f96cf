package dev.eddy.kafka.log;

import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * Follows partitions of point logs and hands what it reads to their sinks. Safe from any thread;
 * sinks are called on internal threads, each by one at a time.
 *
 * <p>Positions belong to whoever applies the records: nothing is committed to Kafka, and a position
 * that cannot be served is reported, never replaced by another.
 */
public interface PointLogTailer extends AutoCloseable {
  /**
   * Starts to follow a partition. Returns at once.
   *
   * @param fromOffset first offset wanted, that is, the position kept with the applied state
   * @param leaderEpoch epoch kept with that position, or -1; with it Kafka can tell when the log
   *     was truncated behind our back
   * @param sink gets everything from there on
   * @throws IllegalStateException if the partition is assigned already
   */
  void assign(LogPartition partition, long fromOffset, int leaderEpoch, PartitionSink sink);

  /**
   * Stops following. When the future is done, the sink is not called any more. Does nothing if the
   * partition is not assigned.
   *
   * @return done on a thread of the tailer
   */
  CompletableFuture<Void> unassign(LogPartition partition);

  /**
   * Asks the partition's leader for the log end: the offset that the next record will get.
   * Everything acknowledged before the call is below it. Works for partitions that are not
   * assigned, too.
   *
   * @return fails if the leader does not answer in time or the topic does not exist
   */
  CompletableFuture<Long> endOffset(LogPartition partition);

  /**
   * The log end as of the last fetch, at most about a second old while the broker answers; empty
   * until known or if not assigned.
   */
  OptionalLong cachedEndOffset(LogPartition partition);

  @Override
  void close();
}
