package dev.eddy.kafka.meta;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The committed records of a one-partition topic, from its start on. Owned by one thread, but for
 * {@link #end()} and {@link #wakeUp()}.
 */
interface TopicFeed extends AutoCloseable {

  /** One record; no value = what the key names is gone. */
  record Entry(long offset, long timestampMs, byte[] key, byte @Nullable [] value) {}

  /** The next records, or none when there are none in time. */
  List<Entry> poll(Duration timeout);

  /** The offset of the next record, over gaps that were passed. */
  long position();

  /**
   * The end of the topic, asked after this call came; records of open transactions are below it.
   */
  CompletableFuture<Long> end();

  /** Starts again at the beginning of the topic. */
  void rewind();

  /** Ends a poll that waits. */
  void wakeUp();

  @Override
  void close();
}
