package dev.eddy.kafka.log;

import dev.eddy.kafka.client.ClientPresets;
import dev.eddy.kafka.client.EndOffsets;
import dev.eddy.kafka.client.TopicIds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The point log's tailer on Kafka: one consumer on one thread, manually assigned and positioned.
 *
 * <p>A partition whose sink refuses a batch is paused, and the batch offered again every few
 * milliseconds. A topic is looked up by id before its first record is delivered and every few
 * seconds from then on, so a topic that was deleted and made again is never read as the old one.
 */
public final class KafkaPointLogTailer implements PointLogTailer {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaPointLogTailer.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration POLL_WHEN_REFUSED = Duration.ofMillis(2);
  private static final Duration LOOKUP_RETRY = Duration.ofMillis(100);
  private static final Duration POLL_ERROR_PAUSE = Duration.ofMillis(100);
  private static final int LOOKUP_MISSES_MAX = 30;
  private static final int CHECK_MISSES_MAX = 5;

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final EndOffsets endOffsets;
  private final TopicIds topicIds;
  private final Executor lookupRetry =
      CompletableFuture.delayedExecutor(LOOKUP_RETRY.toMillis(), TimeUnit.MILLISECONDS);
  private final Map<TopicPartition, Tail> assigned = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Runnable> commands = new ConcurrentLinkedQueue<>();
  private final Map<TopicPartition, Tail> active = new HashMap<>(); // owned by the thread
  private final Set<Tail> refused = new HashSet<>(); // owned by the thread
  private final Thread thread;
  private final TopicWatch
      watch; // owned by the thread, apart from the question whether it suspects something
  private volatile boolean isClosed;

  public KafkaPointLogTailer(ClientPresets presets, TailerSettings settings) {
    this.consumer = presets.tailingConsumer(settings.role(), settings.fetchMaxWait());
    this.endOffsets = new EndOffsets(presets, settings.role() + "-ends");
    this.topicIds = new TopicIds(presets, settings.role() + "-topics");
    this.watch = new TopicWatch(consumer, settings.fetchMaxWait());
    this.thread =
        Thread.ofPlatform().daemon().name("point-log-tailer-" + settings.role()).start(this::run);
  }

  @Override
  public void assign(LogPartition partition, long fromOffset, int leaderEpoch, PartitionSink sink) {
    if (fromOffset < 0) {
      throw new IllegalArgumentException("fromOffset must not be negative, got " + fromOffset);
    }
    Tail tail = new Tail(partition, fromOffset, leaderEpoch, sink);
    if (assigned.putIfAbsent(tail.kafkaPartition, tail) != null) {
      throw new IllegalStateException("partition " + partition + " is assigned already");
    }
    lookUp(tail);
  }

  private void lookUp(Tail tail) {
    topicIds
        .exists(tail.partition.topicId())
        .whenComplete((exists, failure) ->
            command(() -> lookedUp(tail, failure == null, Boolean.TRUE.equals(exists))));
  }

  private void lookedUp(Tail tail, boolean isAnswered, boolean exists) {
    if (tail.isCancelled.get() || isClosed) {
      return;
    }
    if (exists) {
      activate(tail);
      return;
    }
    // A topic that was just made may not be known everywhere; a broker that does not answer says
    // nothing about the topic.
    tail.misses = isAnswered ? tail.misses + 1 : 0;
    if (tail.misses >= LOOKUP_MISSES_MAX) {
      remove(tail);
      tail.sink.logGone(tail.partition.topicId());
    } else {
      lookupRetry.execute(() -> lookUp(tail));
    }
  }

  private void activate(Tail tail) {
    tail.isActive = true;
    tail.misses = 0;
    active.put(tail.kafkaPartition, tail);
    consumer.assign(active.keySet());
    Optional<Integer> epoch = tail.fromEpoch < 0 ? Optional.empty() : Optional.of(tail.fromEpoch);
    consumer.seek(tail.kafkaPartition, new OffsetAndMetadata(tail.fromOffset, epoch, ""));
    LOG.info(
        "event=assigned partition={} offset={} epoch={}",
        tail.partition,
        tail.fromOffset,
        tail.fromEpoch);
  }

  @Override
  public CompletableFuture<Void> unassign(LogPartition partition) {
    Tail tail = assigned.get(new TopicPartition(partition.topic(), partition.partition()));
    if (tail == null || !tail.partition.equals(partition)) {
      return CompletableFuture.completedFuture(null);
    }
    tail.isCancelled.set(true);
    CompletableFuture<Void> done = new CompletableFuture<>();
    command(() -> {
      remove(tail);
      LOG.info("event=revoked partition={}", tail.partition);
      done.complete(null);
    });
    return done;
  }

  private void remove(Tail tail) {
    tail.isCancelled.set(true);
    assigned.remove(tail.kafkaPartition, tail);
    refused.remove(tail);
    if (active.remove(tail.kafkaPartition, tail)) {
      consumer.assign(active.keySet());
    }
  }

  private void command(Runnable command) {
    commands.add(command);
    LockSupport.unpark(thread);
    consumer.wakeup();
  }

  @Override
  public CompletableFuture<Long> endOffset(LogPartition partition) {
    return endOffsets.latest(partition.topic(), partition.partition());
  }

  @Override
  public OptionalLong cachedEndOffset(LogPartition partition) {
    Tail tail = assigned.get(new TopicPartition(partition.topic(), partition.partition()));
    return tail == null || tail.endOffset == Tail.END_UNKNOWN
        ? OptionalLong.empty()
        : OptionalLong.of(tail.endOffset);
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
    consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
  }

  private void step() {
    Runnable command;
    while ((command = commands.poll()) != null) {
      command.run();
    }
    if (active.isEmpty()) {
      LockSupport.parkNanos(POLL.toNanos());
      return;
    }
    offerRefused();
    ConsumerRecords<byte[], byte[]> records =
        consumer.poll(refused.isEmpty() ? POLL : POLL_WHEN_REFUSED);
    records
        .nextOffsets()
        .forEach((partition, next) -> deliver(partition, records.records(partition), next));
    watchTopics();
  }

  private void offerRefused() {
    refused.removeIf(tail -> {
      LogBatch batch = tail.refused;
      if (batch != null && !tail.sink.offer(batch)) {
        return false;
      }
      tail.refused = null;
      consumer.resume(List.of(tail.kafkaPartition));
      return true;
    });
  }

  private void deliver(
      TopicPartition partition,
      List<ConsumerRecord<byte[], byte[]>> records,
      OffsetAndMetadata next) {
    Tail tail = active.get(partition);
    if (tail == null || tail.isCancelled.get()) {
      return;
    }
    List<LogRecord> converted = new ArrayList<>(records.size());
    for (ConsumerRecord<byte[], byte[]> record : records) {
      converted.add(convert(record));
    }
    consumer.currentLag(partition).ifPresent(lag -> tail.endOffset = next.offset() + lag);
    LogBatch batch = new LogBatch(converted, next.offset(), next.leaderEpoch().orElse(-1));
    if (!tail.sink.offer(batch)) {
      tail.refused = batch;
      refused.add(tail);
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
      Tail tail = active.get(partition);
      if (tail != null) {
        remove(tail);
        OffsetAndMetadata divergent = e.divergentOffsets().get(partition);
        LOG.error("event=log_truncated partition={} divergent={}", tail.partition, divergent);
        tail.sink.logTruncated(divergent == null ? 0 : divergent.offset());
      }
    }
  }

  private void outOfRange(TopicPartition partition, long position) {
    Tail tail = active.get(partition);
    if (tail != null) {
      remove(tail);
      LOG.error("event=out_of_range partition={} position={}", tail.partition, position);
      tail.sink.outOfRange(position);
    }
  }

  private void watchTopics() {
    if (!watch.isDue(System.nanoTime())) {
      return;
    }
    for (Tail tail : active.values()) {
      if (tail.refused == null) {
        consumer
            .currentLag(tail.kafkaPartition)
            .ifPresent(lag -> tail.endOffset = consumer.position(tail.kafkaPartition) + lag);
      } else { // A paused partition is not fetched, so its end is not seen either.
        endOffset(tail.partition).thenAccept(end -> tail.endOffset = end);
      }
    }
    if (watch.isLookupDue(System.nanoTime(), active.values())) {
      Set<UUID> ids = new HashSet<>();
      active.values().forEach(tail -> ids.add(tail.partition.topicId()));
      topicIds
          .exists(ids)
          .whenComplete((exists, failure) -> {
            if (failure == null && (exists.containsValue(Boolean.FALSE) || watch.isSuspicious())) {
              command(() -> judge(exists));
            }
          });
    }
  }

  private void judge(Map<UUID, Boolean> exists) {
    watch.judged();
    for (Tail tail : List.copyOf(active.values())) {
      Boolean isThere = exists.get(tail.partition.topicId());
      if (Boolean.FALSE.equals(isThere)) {
        missed(tail);
      } else if (Boolean.TRUE.equals(isThere) && tail.misses > 0) {
        tail.misses = 0;
        if (tail.refused == null) {
          consumer.resume(List.of(tail.kafkaPartition));
        }
      }
    }
  }

  private void missed(Tail tail) {
    tail.misses++;
    if (tail.misses >= CHECK_MISSES_MAX) {
      remove(tail);
      LOG.warn("event=log_gone partition={} id={}", tail.partition, tail.partition.topicId());
      tail.sink.logGone(tail.partition.topicId());
    } else {
      watch.suspect();
      consumer.pause(
          List.of(
              tail.kafkaPartition)); // Otherwise it is fetched again and again without any wait.
    }
  }

  @Override
  public void close() {
    isClosed = true;
    command(() -> {});
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    topicIds.close();
    endOffsets.close();
  }
}
