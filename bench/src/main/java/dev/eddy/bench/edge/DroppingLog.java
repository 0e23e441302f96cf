package dev.eddy.bench.edge;

import dev.eddy.kafka.log.LogHeader;
import dev.eddy.kafka.log.LogPartition;
import dev.eddy.kafka.log.PointLogWriter;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Acknowledges every record at once and forgets it. */
final class DroppingLog implements PointLogWriter {
  private final AtomicLong end = new AtomicLong();

  @Override
  public CompletableFuture<Long> append(
      LogPartition partition, byte[] value, List<LogHeader> headers) {
    return CompletableFuture.completedFuture(end.getAndIncrement());
  }

  /** The next offset. */
  long end() {
    return end.get();
  }

  @Override
  public void logDropped(UUID topicId) {
    // There is nothing on the way to it.
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
