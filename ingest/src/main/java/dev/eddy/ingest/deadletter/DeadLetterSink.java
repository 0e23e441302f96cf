package dev.eddy.ingest.deadletter;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Where rejected records go, each identity once. Safe from any thread. */
public interface DeadLetterSink extends AutoCloseable {
  /**
   * Writes letters of one source partition, in order, leaving out those that are there already.
   *
   * @param delivered offset of the source partition below which everything was delivered before
   * @return completes when they are durable; fails when they may not be
   */
  CompletableFuture<Void> write(int partition, long delivered, List<DeadLetter> letters);

  /**
   * The source partition starts again: the next write first fences older writers of it and reads
   * back what they wrote.
   */
  void reposition(int partition);

  @Override
  void close();
}
