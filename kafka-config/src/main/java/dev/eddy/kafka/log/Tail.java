package dev.eddy.kafka.log;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * One followed partition, whoever reads it: what two readers read of it reaches the sink once and
 * in order.
 *
 * <p>Each reader begins at {@link #position} and reads on without a gap, so a batch never begins
 * behind the position of now; what lies before it was delivered already. Safe from any thread.
 */
final class Tail {
  private static final long END_UNKNOWN = -1;

  private final LogPartition partition;
  private final TopicPartition kafkaPartition;
  private final PartitionSink sink;
  private volatile long endOffset = END_UNKNOWN;
  private long position; // guarded by this
  private int leaderEpoch; // guarded by this
  private volatile boolean isCancelled; // set under the lock

  /** Misses of its topic before anybody reads it; owned by the look-ups, which come in turn. */
  private int misses;

  Tail(LogPartition partition, long fromOffset, int fromEpoch, PartitionSink sink) {
    this.partition = partition;
    this.kafkaPartition = new TopicPartition(partition.topic(), partition.partition());
    this.sink = sink;
    this.position = fromOffset;
    this.leaderEpoch = fromEpoch;
  }

  LogPartition partition() {
    return partition;
  }

  TopicPartition kafkaPartition() {
    return kafkaPartition;
  }

  PartitionSink sink() {
    return sink;
  }

  /** Where reading goes on. */
  synchronized OffsetAndMetadata position() {
    Optional<Integer> epoch = leaderEpoch < 0 ? Optional.empty() : Optional.of(leaderEpoch);
    return new OffsetAndMetadata(position, epoch, "");
  }

  /** Whether the sink took what is new in the batch, or nothing is. */
  synchronized boolean offer(LogBatch batch) {
    if (isCancelled || batch.nextPosition() <= position) {
      return true;
    }
    if (!sink.offer(since(position, batch))) {
      return false;
    }
    position = batch.nextPosition();
    leaderEpoch = batch.leaderEpoch();
    return true;
  }

  private static LogBatch since(long position, LogBatch batch) {
    List<LogRecord> records = batch.records();
    if (records.isEmpty() || records.getFirst().offset() >= position) {
      return batch;
    }
    return new LogBatch(
        records.stream().filter(record -> record.offset() >= position).toList(),
        batch.nextPosition(),
        batch.leaderEpoch());
  }

  /**
   * When this returns the sink is not offered anything any more.
   *
   * @return false when it was not before
   */
  synchronized boolean cancel() {
    boolean was = isCancelled;
    isCancelled = true;
    return !was;
  }

  boolean isCancelled() {
    return isCancelled;
  }

  /** The log's end as of the last fetch; negative until known. */
  long endOffset() {
    return endOffset;
  }

  void setEndOffset(long end) {
    endOffset = end;
  }

  /** Counts an answer that the topic is not there; any other answer begins again. */
  int countMiss(boolean isMissed) {
    misses = isMissed ? misses + 1 : 0;
    return misses;
  }
}
