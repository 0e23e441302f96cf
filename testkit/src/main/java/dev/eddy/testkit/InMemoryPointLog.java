package dev.eddy.testkit;

import dev.eddy.kafka.log.AppendOutcomeUnknownException;
import dev.eddy.kafka.log.EncodedSize;
import dev.eddy.kafka.log.LogBatch;
import dev.eddy.kafka.log.LogBusyException;
import dev.eddy.kafka.log.LogHeader;
import dev.eddy.kafka.log.LogPartition;
import dev.eddy.kafka.log.PartitionSink;
import dev.eddy.kafka.log.PointLogTailer;
import dev.eddy.kafka.log.PointLogWriter;
import dev.eddy.kafka.log.RecordTooLargeForLogException;
import dev.eddy.kafka.log.TopicGoneException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A point log in memory: writer and tailer in one, with offset gaps, trimming, truncation, deletion
 * and failing appends on demand.
 *
 * <p>{@link #manual} delivers only when {@link #deliver} is called, on the caller's thread, so that
 * a test decides about every step; {@link #threaded} delivers on a thread of its own as the Kafka
 * form does. Appends are acknowledged at once. Safe from any thread; sinks are called one at a
 * time.
 */
public final class InMemoryPointLog implements PointLogWriter, PointLogTailer {
  /** How an append goes wrong. */
  public enum Fault {
    /** The record is not in the log, but the writer can't know. */
    UNKNOWN_NOT_APPENDED,
    /** The record is in the log, but the writer can't know. */
    UNKNOWN_APPENDED,
    /** Refused for lack of room. */
    BUSY
  }

  private static final int RECORD_BYTES_MAX = 16 << 20;
  private static final long IDLE_NANOS = 1_000_000;

  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock(); // also held while a sink is called
  private final Map<LogPartition, MemoryPartition> partitions = new HashMap<>();
  private final Map<LogPartition, Reader> readers = new LinkedHashMap<>();
  private final Queue<Fault> faults = new ArrayDeque<>();
  private final @Nullable Thread thread;
  private int batchRecordsMax = 1_000;
  private volatile boolean isClosed;

  private InMemoryPointLog(InstantSource clock, boolean isThreaded) {
    this.clock = clock;
    this.thread =
        isThreaded
            ? Thread.ofPlatform().daemon().name("in-memory-point-log").unstarted(this::run)
            : null;
  }

  /** Delivers only when told. */
  public static InMemoryPointLog manual(InstantSource clock) {
    return new InMemoryPointLog(clock, false);
  }

  /** Delivers on its own thread. */
  public static InMemoryPointLog threaded() {
    InMemoryPointLog log = new InMemoryPointLog(InstantSource.system(), true);
    if (log.thread != null) {
      log.thread.start();
    }
    return log;
  }

  /**
   * Makes a topic; one value per partition, in order. A name may be used again, with another id.
   */
  public List<LogPartition> createTopic(String topic, int partitionCount) {
    UUID id = UUID.randomUUID();
    List<LogPartition> made = new ArrayList<>();
    return locked(() -> {
      for (int i = 0; i < partitionCount; i++) {
        LogPartition partition = new LogPartition(id, topic, i);
        partitions.put(partition, new MemoryPartition());
        made.add(partition);
      }
      return List.copyOf(made);
    });
  }

  /** Lets the next appends fail, in this order. */
  public void failNext(Fault... next) {
    locked(() -> faults.addAll(List.of(next)));
  }

  /**
   * Largest number of records in one batch; small ones show code that relies on batches being
   * whole.
   */
  public void batchRecordsMax(int count) {
    locked(() -> batchRecordsMax = count);
  }

  /** Uses up offsets without records, as transaction markers and aborted records do. */
  public void skipOffsets(LogPartition partition, int count) {
    change(partition, found -> found.skip(count));
  }

  /** Removes what is below the offset. */
  public void deleteBefore(LogPartition partition, long offset) {
    change(partition, found -> found.deleteBefore(offset));
  }

  /** Loses everything from the offset on, as an unclean leader election does. */
  public void truncate(LogPartition partition, long newEndOffset) {
    change(partition, found -> found.truncate(newEndOffset));
  }

  /** A clean change of leader: the epoch goes up, nothing is lost. */
  public void electLeader(LogPartition partition) {
    change(partition, MemoryPartition::electLeader);
  }

  /** Deletes a topic by its id. */
  public void deleteTopic(UUID topicId) {
    locked(() -> partitions.keySet().removeIf(partition -> partition.topicId().equals(topicId)));
    wake();
  }

  private void change(LogPartition partition, java.util.function.Consumer<MemoryPartition> step) {
    locked(() -> {
      MemoryPartition found = partitions.get(partition);
      if (found == null) {
        throw new IllegalArgumentException("no log " + partition);
      }
      step.accept(found);
      return true;
    });
    wake();
  }

  @Override
  public CompletableFuture<Long> append(
      LogPartition partition, byte[] value, List<LogHeader> headers) {
    long bytes = EncodedSize.of(value, headers);
    if (bytes > RECORD_BYTES_MAX) {
      return CompletableFuture.failedFuture(
          new RecordTooLargeForLogException(bytes, RECORD_BYTES_MAX));
    }
    CompletableFuture<Long> outcome = locked(() -> appendLocked(partition, value, headers));
    wake();
    return outcome;
  }

  private CompletableFuture<Long> appendLocked(
      LogPartition partition, byte[] value, List<LogHeader> headers) {
    MemoryPartition found = partitions.get(partition);
    if (found == null) {
      return CompletableFuture.failedFuture(new TopicGoneException(partition));
    }
    Fault fault = faults.poll();
    if (fault == Fault.BUSY) {
      return CompletableFuture.failedFuture(new LogBusyException(value.length, 0, 0));
    }
    if (fault == Fault.UNKNOWN_NOT_APPENDED) {
      return CompletableFuture.failedFuture(new AppendOutcomeUnknownException(partition, null));
    }
    long offset = found.append(value, headers, clock.millis());
    return fault == Fault.UNKNOWN_APPENDED
        ? CompletableFuture.failedFuture(new AppendOutcomeUnknownException(partition, null))
        : CompletableFuture.completedFuture(offset);
  }

  @Override
  public void logDropped(UUID topicId) {
    deleteTopic(topicId);
  }

  @Override
  public void assign(LogPartition partition, long fromOffset, int leaderEpoch, PartitionSink sink) {
    if (fromOffset < 0) {
      throw new IllegalArgumentException("fromOffset must not be negative, got " + fromOffset);
    }
    locked(() -> {
      for (LogPartition other : readers.keySet()) {
        if (other.topic().equals(partition.topic()) && other.partition() == partition.partition()) {
          throw new IllegalStateException("partition " + partition + " is assigned already");
        }
      }
      return readers.put(partition, new Reader(sink, fromOffset, leaderEpoch));
    });
    wake();
  }

  @Override
  public CompletableFuture<Void> unassign(LogPartition partition) {
    locked(() -> readers.remove(partition));
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<Long> endOffset(LogPartition partition) {
    return locked(() -> {
      MemoryPartition found = partitions.get(partition);
      return found == null
          ? CompletableFuture.failedFuture(new TopicGoneException(partition))
          : CompletableFuture.completedFuture(found.endOffset());
    });
  }

  @Override
  public OptionalLong cachedEndOffset(LogPartition partition) {
    return locked(() -> {
      MemoryPartition found = partitions.get(partition);
      return found == null || !readers.containsKey(partition)
          ? OptionalLong.empty()
          : OptionalLong.of(found.endOffset());
    });
  }

  /**
   * Offers every assigned partition its next batch, if it has one; true if any sink took something
   * or was told of a failure.
   */
  public boolean deliver() {
    return locked(() -> {
      boolean isAnyMoved = false;
      for (Map.Entry<LogPartition, Reader> entry : List.copyOf(readers.entrySet())) {
        isAnyMoved |=
            readers.containsKey(entry.getKey()) && deliver(entry.getKey(), entry.getValue());
      }
      return isAnyMoved;
    });
  }

  /** Delivers until no sink takes anything any more. */
  public void deliverAll() {
    while (deliver()) {
      Thread.onSpinWait();
    }
  }

  private boolean deliver(LogPartition partition, Reader reader) {
    MemoryPartition log = partitions.get(partition);
    if (log == null) {
      readers.remove(partition);
      reader.sink.logGone(partition.topicId());
      return true;
    }
    long divergence = log.divergence(reader.position, reader.epoch);
    if (divergence < reader.position) {
      readers.remove(partition);
      reader.sink.logTruncated(divergence);
      return true;
    }
    if (reader.position < log.startOffset() || reader.position > log.endOffset()) {
      readers.remove(partition);
      reader.sink.outOfRange(reader.position);
      return true;
    }
    LogBatch batch = log.read(reader.position, batchRecordsMax);
    if (batch.nextPosition() == reader.position || !reader.sink.offer(batch)) {
      return false;
    }
    reader.position = batch.nextPosition();
    reader.epoch = batch.leaderEpoch();
    return true;
  }

  private void run() {
    while (!isClosed) {
      if (!deliver()) {
        LockSupport.parkNanos(IDLE_NANOS);
      }
    }
  }

  private void wake() {
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }

  private <T extends @Nullable Object> T locked(java.util.function.Supplier<T> step) {
    lock.lock();
    try {
      return step.get();
    } finally {
      lock.unlock();
    }
  }

  /** Ids of the topics there are. */
  public Collection<UUID> topicIds() {
    return locked(
        () -> partitions.keySet().stream().map(LogPartition::topicId).distinct().toList());
  }

  @Override
  public void close() {
    isClosed = true;
    wake();
  }

  private static final class Reader {
    final PartitionSink sink;
    long position;
    int epoch;

    Reader(PartitionSink sink, long position, int epoch) {
      this.sink = sink;
      this.position = position;
      this.epoch = epoch;
    }
  }
}
