package dev.eddy.kafka.log;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** One followed partition. Owned by the tailer's thread, apart from the final fields. */
final class Tail {
  static final long END_UNKNOWN = -1;

  final LogPartition partition;
  final TopicPartition kafkaPartition;
  final PartitionSink sink;
  final long fromOffset;
  final int fromEpoch;
  final AtomicBoolean isCancelled = new AtomicBoolean();
  volatile long endOffset = END_UNKNOWN;
  @Nullable LogBatch refused;
  boolean isActive;
  int misses;

  Tail(LogPartition partition, long fromOffset, int fromEpoch, PartitionSink sink) {
    this.partition = partition;
    this.kafkaPartition = new TopicPartition(partition.topic(), partition.partition());
    this.sink = sink;
    this.fromOffset = fromOffset;
    this.fromEpoch = fromEpoch;
  }
}
