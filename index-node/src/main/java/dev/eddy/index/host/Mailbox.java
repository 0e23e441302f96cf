package dev.eddy.index.host;

import dev.eddy.kafka.log.LogBatch;
import dev.eddy.kafka.log.LogRecord;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Batches between the tailer and one shard's writer, bounded in bytes. One batch is always taken by
 * an empty mailbox, however large, so that a shard can't starve.
 *
 * <p>Threading: safe from any thread; in practice one puts and one takes.
 */
final class Mailbox {
  /** What a record costs beside its value: object headers and the list's slot. */
  private static final long RECORD_OVERHEAD_BYTES = 64;

  private final long limitBytes;
  private final Budget budget;

  /** Guarded by this. */
  private final ArrayDeque<LogBatch> batches = new ArrayDeque<>();

  /** Guarded by this. */
  private long heldBytes;

  /** Guarded by this. */
  private boolean closed;

  Mailbox(long limitBytes, Budget budget) {
    this.limitBytes = limitBytes;
    this.budget = budget;
  }

  /** Whether there was room; a closed mailbox swallows what comes. */
  synchronized boolean offer(LogBatch batch) {
    if (closed) {
      return true;
    }
    long bytes = bytesOf(batch);
    if (!batches.isEmpty() && (heldBytes + bytes > limitBytes || !budget.hasRoom(bytes))) {
      return false;
    }
    batches.add(batch);
    heldBytes += bytes;
    budget.take(bytes);
    return true;
  }

  synchronized @Nullable LogBatch poll() {
    LogBatch batch = batches.poll();
    if (batch != null) {
      long bytes = bytesOf(batch);
      heldBytes -= bytes;
      budget.giveBack(bytes);
    }
    return batch;
  }

  synchronized boolean isEmpty() {
    return batches.isEmpty();
  }

  synchronized long heldBytes() {
    return heldBytes;
  }

  synchronized void close() {
    closed = true;
    batches.clear();
    budget.giveBack(heldBytes);
    heldBytes = 0;
  }

  static long bytesOf(LogBatch batch) {
    long bytes = RECORD_OVERHEAD_BYTES;
    for (LogRecord record : batch.records()) {
      bytes += RECORD_OVERHEAD_BYTES + record.value().length;
    }
    return bytes;
  }

  /** What all mailboxes of a node may hold together. Safe from any thread. */
  static final class Budget {
    private final long limitBytes;
    private final AtomicLong heldBytes = new AtomicLong();

    Budget(long limitBytes) {
      this.limitBytes = limitBytes;
    }

    boolean hasRoom(long bytes) {
      return heldBytes.get() + bytes <= limitBytes;
    }

    long heldBytes() {
      return heldBytes.get();
    }

    private void take(long bytes) {
      heldBytes.addAndGet(bytes);
    }

    private void giveBack(long bytes) {
      heldBytes.addAndGet(-bytes);
    }
  }
}
