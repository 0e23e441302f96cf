package dev.eddy.kafka.log;

import java.util.concurrent.CompletableFuture;

/**
 * One append between send and end. Its future may end early, when the log is dropped; its bytes are
 * given back when Kafka lets go of them.
 */
final class PendingAppend {
  final LogPartition partition;
  final long bytes;
  final long startNanos;
  final CompletableFuture<Long> future = new CompletableFuture<>();

  PendingAppend(LogPartition partition, long bytes, long startNanos) {
    this.partition = partition;
    this.bytes = bytes;
    this.startNanos = startNanos;
  }
}
