package dev.eddy.kafka.log;

import dev.eddy.kafka.client.ClientPresets;
import dev.eddy.kafka.client.TopicIds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The point log's writer on Kafka: one idempotent producer, all in-sync replicas acknowledge.
 *
 * <p>A deleted topic is found out within about a second, by looking up its id before the first
 * append and again whenever an append takes long; appends to other logs are not held up by it.
 * Kafka itself would go on trying for the whole delivery timeout.
 */
public final class KafkaPointLogWriter implements PointLogWriter {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaPointLogWriter.class);
  private static final Duration LOOKUP_TIMEOUT = Duration.ofMillis(900);
  private static final Duration LOOKUP_PAUSE = Duration.ofMillis(20);
  private static final Duration WATCH_INTERVAL = Duration.ofMillis(250);
  private static final Duration SLOW_APPEND = Duration.ofMillis(300);
  private static final Duration FORGET_AFTER = Duration.ofMinutes(10);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final ClientPresets presets;
  private final WriterSettings settings;
  private final InFlightBudget budget;
  private final TopicIds topicIds;
  private final Map<UUID, LogTopicState> topics = new ConcurrentHashMap<>();
  private final ScheduledExecutorService watchdog;
  private volatile KafkaProducer<byte[], byte[]> producer;
  private volatile @Nullable KafkaProducer<byte[], byte[]> failedProducer;

  public KafkaPointLogWriter(ClientPresets presets, WriterSettings settings) {
    this.presets = presets;
    this.settings = settings;
    this.budget = new InFlightBudget(settings.inFlightBytesMax());
    this.topicIds = new TopicIds(presets, "point-log-writer-topics");
    this.producer = presets.producer("point-log-writer");
    this.watchdog =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("point-log-writer-watchdog").factory());
    watchdog.scheduleWithFixedDelay(
        this::watch, WATCH_INTERVAL.toMillis(), WATCH_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public CompletableFuture<Long> append(
      LogPartition partition, byte[] value, List<LogHeader> headers) {
    long bytes = EncodedSize.of(value, headers);
    if (bytes > settings.recordBytesMax()) {
      return CompletableFuture.failedFuture(
          new RecordTooLargeForLogException(bytes, settings.recordBytesMax()));
    }
    if (!budget.tryTake(bytes)) {
      return CompletableFuture.failedFuture(
          new LogBusyException(bytes, budget.usedBytes(), budget.limitBytes()));
    }
    long now = System.nanoTime();
    LogTopicState topic = topics.computeIfAbsent(partition.topicId(), id -> new LogTopicState(now));
    topic.touch(now);
    PointLogException refusal = topic.isReady() ? null : lookUp(partition, topic);
    if (refusal != null) {
      budget.giveBack(bytes);
      return CompletableFuture.failedFuture(refusal);
    }
    PendingAppend append = new PendingAppend(partition, bytes, System.nanoTime());
    topic.pending.add(append);
    if (topic.isGone(
        append.startNanos)) { // Dropped between the check and the add: nobody else would end it.
      append.future.completeExceptionally(new TopicGoneException(partition));
    }
    send(append, topic, value, headers);
    return append.future;
  }

  private @Nullable PointLogException lookUp(LogPartition partition, LogTopicState topic) {
    topic.lookup.lock();
    try {
      long deadline = System.nanoTime() + LOOKUP_TIMEOUT.toNanos();
      while (!topic.isReady()) {
        long now = System.nanoTime();
        if (topic.isGone(now)) {
          return new TopicGoneException(partition);
        }
        long left = deadline - now;
        if (topicIds.exists(partition.topicId()).get(Math.max(left, 1), TimeUnit.NANOSECONDS)) {
          topic.found();
        } else if (left <= 0) {
          topic.missing(now);
          LOG.info(
              "event=log_topic_missing topic={} id={}", partition.topic(), partition.topicId());
        } else {
          LockSupport.parkNanos(LOOKUP_PAUSE.toNanos());
        }
      }
      return null;
    } catch (ExecutionException | TimeoutException e) {
      return new AppendOutcomeUnknownException(partition, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new AppendOutcomeUnknownException(partition, e);
    } finally {
      topic.lookup.unlock();
    }
  }

  private void send(
      PendingAppend append, LogTopicState topic, byte[] value, List<LogHeader> headers) {
    List<Header> kafkaHeaders =
        headers.stream()
            .<Header>map(header -> new RecordHeader(header.name(), header.value()))
            .toList();
    LogPartition partition = append.partition;
    var record =
        new ProducerRecord<byte[], byte[]>(
            partition.topic(), partition.partition(), null, null, value, kafkaHeaders);
    KafkaProducer<byte[], byte[]> current = producer;
    try {
      current.send(
          record,
          (metadata, failure) -> {
            if (failure == null) {
              settle(append, topic, metadata.offset());
            } else {
              fail(append, topic, current, failure);
            }
          });
    } catch (RuntimeException e) {
      fail(append, topic, current, e);
    }
  }

  private void settle(PendingAppend append, LogTopicState topic, long offset) {
    if (topic.pending.remove(append)) {
      budget.giveBack(append.bytes);
      append.future.complete(offset);
    }
  }

  private void fail(
      PendingAppend append,
      LogTopicState topic,
      KafkaProducer<byte[], byte[]> usedProducer,
      Exception failure) {
    if (!topic.pending.remove(append)) {
      return;
    }
    budget.giveBack(append.bytes);
    if (append.future.completeExceptionally(
        new AppendOutcomeUnknownException(append.partition, failure))) {
      LOG.warn(
          "event=append_failed partition={} bytes={}", append.partition, append.bytes, failure);
    }
    if (!(failure instanceof RetriableException) && !(failure instanceof RecordTooLargeException)) {
      failedProducer =
          usedProducer; // Such an error may be final for the producer; the watchdog replaces it.
    }
  }

  @Override
  public void logDropped(UUID topicId) {
    LogTopicState topic =
        topics.computeIfAbsent(topicId, id -> new LogTopicState(System.nanoTime()));
    topic.dropped();
    topic.failPendingAsGone();
  }

  private void watch() {
    try {
      long now = System.nanoTime();
      replaceFailedProducer();
      topics.values().removeIf(topic -> topic.isIdleSince(now - FORGET_AFTER.toNanos()));
      topics.forEach((id, topic) -> {
        if (topic.isReady() && topic.isAnyOlderThan(now - SLOW_APPEND.toNanos())) {
          watchSlow(id, topic);
        }
      });
    } catch (RuntimeException e) {
      LOG.error("event=point_log_watchdog_failed", e);
    }
  }

  private void watchSlow(UUID id, LogTopicState topic) {
    try {
      if (topicIds.exists(id).get(WATCH_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
        topic.found();
      } else if (topic.missedAgain()) {
        topic.missing(System.nanoTime());
        topic.failPendingAsGone();
        LOG.info("event=log_topic_gone id={}", id);
      }
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("event=log_topic_lookup_failed id={}", id, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void replaceFailedProducer() {
    KafkaProducer<byte[], byte[]> failed = failedProducer;
    if (failed != null && failed == producer) {
      producer = presets.producer("point-log-writer");
      LOG.warn("event=producer_replaced");
      failed.close(Duration.ZERO);
    }
    failedProducer = null;
  }

  @Override
  public void close() {
    watchdog.shutdownNow();
    producer.close(CLOSE_TIMEOUT);
    topicIds.close();
  }
}
