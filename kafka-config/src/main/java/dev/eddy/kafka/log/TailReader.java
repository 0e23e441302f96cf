package dev.eddy.kafka.log;

import dev.eddy.kafka.client.ClientPresets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads some of a tailer's partitions: one consumer on one thread, manually assigned and
 * positioned.
 *
 * <p>A partition whose sink refuses a batch is paused, and the batch offered again every few
 * milliseconds. Partitions that come shortly after others join together, since each change makes
 * client and broker look at all of them.
 *
 * <p>Threading: adding, removing and closing from any thread, everything else on its own.
 */
final class TailReader {
  private static final Logger LOG = LoggerFactory.getLogger(TailReader.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration POLL_WHEN_REFUSED = Duration.ofMillis(2);
  private static final Duration POLL_ERROR_PAUSE = Duration.ofMillis(100);
  private static final int CHECK_MISSES_MAX = 5;

  /**
   * Nobody joins for so long a partition after others have. Each joining brings about new metadata
   * and new offsets of all there are, at client and broker: together some 0.1 ms a partition.
   */
  private static final long JOIN_PAUSE_NANOS = 500_000;

  /** Well below the time for which another reader goes on with what it handed over. */
  private static final long JOIN_PAUSE_MAX_NANOS = 500_000_000;

  private final Owner owner;
  private final Departure departure;
  private final long overlapNanos;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final TopicWatch watch; // of its questions only isSuspicious is for any thread
  private final ConcurrentLinkedQueue<Runnable> commands = new ConcurrentLinkedQueue<>();
  private final Thread thread;
  private volatile boolean isClosed;

  // Owned by the thread.
  private final Map<TopicPartition, Reading> active = new HashMap<>();
  private final Set<Reading> refused = new HashSet<>();
  private final Set<Tail> joining = new LinkedHashSet<>();
  private long joinNotBeforeNanos = System.nanoTime();

  /** What a reader can't decide by itself. Called on its thread. */
  interface Owner {
    /** Another reader is to read these, too; this one goes on for a while. */
    void handOver(TailReader from, List<Tail> tails);

    /** Nobody reads it any more, for a reason that the sink is about to hear. */
    void forget(Tail tail);

    CompletableFuture<Long> endOffset(LogPartition partition);

    CompletableFuture<Map<UUID, Boolean>> exist(Collection<UUID> topicIds);
  }

  /** When a partition is for another reader. */
  @FunctionalInterface
  interface Departure {
    /**
     * @param reads how often there was data in the last fifth of a second
     * @param quietNanos since there was any
     */
    boolean isDue(int reads, long quietNanos);
  }

  TailReader(
      String role,
      Duration fetchMaxWait,
      Duration overlap,
      ClientPresets presets,
      Departure departure,
      Owner owner) {
    this.owner = owner;
    this.departure = departure;
    this.overlapNanos = overlap.toNanos();
    this.consumer = presets.tailingConsumer(role, fetchMaxWait);
    this.watch = new TopicWatch(consumer);
    this.thread = Thread.ofPlatform().daemon().name("point-log-" + role).start(this::run);
  }

  /** Reads them, too, from their positions on. */
  void add(Collection<Tail> tails) {
    command(() -> joining.addAll(tails));
  }

  /** Ends reading one; done on the reader's thread. */
  CompletableFuture<Void> remove(Tail tail) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    command(() -> {
      joining.remove(tail);
      drop(List.of(tail));
      done.complete(null);
    });
    return done;
  }

  private void drop(Collection<Tail> tails) {
    boolean isAny = false;
    for (Tail tail : tails) {
      Reading reading = active.get(tail.kafkaPartition());
      if (reading != null && reading.tail() == tail) {
        active.remove(tail.kafkaPartition());
        refused.remove(reading);
        isAny = true;
      }
    }
    if (isAny) {
      consumer.assign(active.keySet());
    }
  }

  private void command(Runnable command) {
    commands.add(command);
    LockSupport.unpark(thread);
    consumer.wakeup();
  }

  private void run() {
    while (!isClosed) {
      try {
        step();
      } catch (WakeupException e) {
        continue; // A command waits.
      } catch (LogTruncationException e) {
        truncated(e);
      } catch (OffsetOutOfRangeException e) {
        e.offsetOutOfRangePartitions().forEach(this::outOfRange);
      } catch (KafkaException e) {
        LOG.error("event=tail_poll_failed", e);
        LockSupport.parkNanos(POLL_ERROR_PAUSE.toNanos());
      } catch (RuntimeException e) {
        LOG.error("event=tail_failed", e);
        LockSupport.parkNanos(POLL_ERROR_PAUSE.toNanos());
      }
    }
    consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
  }

  private void step() {
    Runnable command;
    while ((command = commands.poll()) != null) {
      command.run();
    }
    join();
    if (active.isEmpty()) {
      LockSupport.parkNanos(pollTime().toNanos());
      return;
    }
    offerRefused();
    ConsumerRecords<byte[], byte[]> records = consumer.poll(pollTime());
    records
        .nextOffsets()
        .forEach((partition, next) -> deliver(partition, records.records(partition), next));
    if (watch.isDue(System.nanoTime())) {
      watchTopics();
      letGo();
    }
  }

  private Duration pollTime() {
    if (!refused.isEmpty()) {
      return POLL_WHEN_REFUSED;
    }
    if (joining.isEmpty()) {
      return POLL;
    }
    return Duration.ofNanos(Math.clamp(joinNotBeforeNanos - System.nanoTime(), 0, POLL.toNanos()));
  }

  private void join() {
    long now = System.nanoTime();
    if (joining.isEmpty() || now - joinNotBeforeNanos < 0) {
      return;
    }
    List<Reading> added = new ArrayList<>();
    for (Tail tail : joining) {
      Reading present = active.get(tail.kafkaPartition());
      if (present != null && present.tail() == tail) {
        present.stay(now);
      } else if (!tail.isCancelled()) {
        added.add(new Reading(tail, now));
      }
    }
    joining.clear();
    if (added.isEmpty()) {
      return;
    }
    added.forEach(reading -> active.put(reading.partition(), reading));
    consumer.assign(active.keySet());
    added.forEach(reading -> consumer.seek(reading.partition(), reading.tail().position()));
    joinNotBeforeNanos = now + Math.min(JOIN_PAUSE_NANOS * active.size(), JOIN_PAUSE_MAX_NANOS);
  }

  private void offerRefused() {
    refused.removeIf(reading -> {
      LogBatch batch = reading.refused;
      if (batch != null && !reading.tail().offer(batch)) {
        return false;
      }
      reading.refused = null;
      consumer.resume(List.of(reading.partition()));
      return true;
    });
  }

  private void deliver(
      TopicPartition partition,
      List<ConsumerRecord<byte[], byte[]>> records,
      OffsetAndMetadata next) {
    Reading reading = active.get(partition);
    if (reading == null) {
      return;
    }
    List<LogRecord> converted = new ArrayList<>(records.size());
    for (ConsumerRecord<byte[], byte[]> record : records) {
      converted.add(convert(record));
    }
    reading.noteRead(System.nanoTime());
    Tail tail = reading.tail();
    consumer.currentLag(partition).ifPresent(lag -> tail.setEndOffset(next.offset() + lag));
    LogBatch batch = new LogBatch(converted, next.offset(), next.leaderEpoch().orElse(-1));
    if (!tail.offer(batch)) {
      reading.refused = batch;
      refused.add(reading);
      consumer.pause(List.of(partition));
    }
  }

  private static LogRecord convert(ConsumerRecord<byte[], byte[]> record) {
    List<LogHeader> headers = new ArrayList<>();
    for (Header header : record.headers()) {
      headers.add(
          new LogHeader(header.key(), header.value() == null ? new byte[0] : header.value()));
    }
    byte[] value = record.value() == null ? new byte[0] : record.value();
    return new LogRecord(
        record.offset(), record.leaderEpoch().orElse(-1), record.timestamp(), value, headers);
  }

  private void truncated(LogTruncationException e) {
    for (TopicPartition partition : e.offsetOutOfRangePartitions().keySet()) {
      OffsetAndMetadata divergent = e.divergentOffsets().get(partition);
      Tail tail = giveUp(partition);
      if (tail != null) {
        LOG.error("event=log_truncated partition={} divergent={}", tail.partition(), divergent);
        tail.sink().logTruncated(divergent == null ? 0 : divergent.offset());
      }
    }
  }

  private void outOfRange(TopicPartition partition, long position) {
    Tail tail = giveUp(partition);
    if (tail != null) {
      LOG.error("event=out_of_range partition={} position={}", tail.partition(), position);
      tail.sink().outOfRange(position);
    }
  }

  /** The partition's tail unless another reader was faster; nobody reads it from here on. */
  private @Nullable Tail giveUp(TopicPartition partition) {
    Reading reading = active.get(partition);
    if (reading == null) {
      return null;
    }
    Tail tail = reading.tail();
    drop(List.of(tail));
    if (!tail.cancel()) {
      return null;
    }
    owner.forget(tail);
    return tail;
  }

  /** Partitions that another reader should read, and those that one reads by now. */
  private void letGo() {
    long now = System.nanoTime();
    List<Tail> leaving = new ArrayList<>();
    List<Tail> left = new ArrayList<>();
    for (Reading reading : active.values()) {
      int reads = reading.takeReads();
      if (reading.isToEnd(now)) {
        left.add(reading.tail());
      } else if (!reading.isLeaving() && departure.isDue(reads, reading.quietNanos(now))) {
        reading.leaveAt(now + overlapNanos);
        leaving.add(reading.tail());
      }
    }
    drop(left);
    if (!leaving.isEmpty()) {
      owner.handOver(this, leaving);
    }
  }

  private void watchTopics() {
    Set<UUID> ids = new HashSet<>();
    for (Reading reading : active.values()) {
      Tail tail = reading.tail();
      ids.add(tail.partition().topicId());
      if (reading.refused == null) {
        consumer
            .currentLag(reading.partition())
            .ifPresent(lag -> tail.setEndOffset(consumer.position(reading.partition()) + lag));
      } else { // A paused partition is not fetched, so its end is not seen either.
        owner.endOffset(tail.partition()).thenAccept(tail::setEndOffset);
      }
    }
    if (watch.isLookupDue(System.nanoTime(), ids.isEmpty())) {
      owner
          .exist(ids)
          .whenComplete((exists, failure) -> {
            if (failure == null && (exists.containsValue(Boolean.FALSE) || watch.isSuspicious())) {
              command(() -> judge(exists));
            }
          });
    }
  }

  private void judge(Map<UUID, Boolean> exists) {
    watch.judged();
    for (Reading reading : List.copyOf(active.values())) {
      Boolean isThere = exists.get(reading.tail().partition().topicId());
      if (Boolean.FALSE.equals(isThere)) {
        missed(reading);
      } else if (Boolean.TRUE.equals(isThere) && reading.misses > 0) {
        reading.misses = 0;
        if (reading.refused == null) {
          consumer.resume(List.of(reading.partition()));
        }
      }
    }
  }

  private void missed(Reading reading) {
    reading.misses++;
    if (reading.misses >= CHECK_MISSES_MAX) {
      Tail tail = giveUp(reading.partition());
      if (tail != null) {
        UUID id = tail.partition().topicId();
        LOG.warn("event=log_gone partition={} id={}", tail.partition(), id);
        tail.sink().logGone(id);
      }
    } else {
      watch.suspect();
      // Otherwise it is fetched again and again without any wait.
      consumer.pause(List.of(reading.partition()));
    }
  }

  /** Begins to end. */
  void close() {
    isClosed = true;
    command(() -> {});
  }

  /** Waits for the end, though not for long. */
  void awaitEnd() {
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
