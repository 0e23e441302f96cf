package dev.eddy.kafka.meta;

import dev.eddy.kafka.client.ClientPresets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the nodes' reports, beginning with those of the last ten seconds.
 *
 * <p>Reports are news, not state: where some are missing (retention took them while this node was
 * away) reading starts over at the last ten seconds. Whether a node is silent is judged by when its
 * report <em>arrived</em> here, on a monotonic clock. The consumer is called on one internal
 * thread.
 */
public final class NodeReportReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeReportReader.class);
  private static final Duration LOOK_BACK = Duration.ofSeconds(10);
  private static final Duration FETCH_MAX_WAIT = Duration.ofMillis(500);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration ERROR_PAUSE = Duration.ofMillis(200);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final TopicPartition partition;
  private final Consumer<NodeReportEntry> consumer;
  private final InstantSource clock;
  private final KafkaConsumer<byte[], byte[]> kafka;
  private final Thread thread;
  private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
  private long endAtStart; // owned by the thread
  private volatile boolean isClosed;

  private NodeReportReader(
      ClientPresets presets,
      String topic,
      InstantSource clock,
      Consumer<NodeReportEntry> consumer) {
    this.partition = new TopicPartition(topic, 0);
    this.consumer = consumer;
    this.clock = clock;
    this.kafka = presets.tailingConsumer("node-reports", FETCH_MAX_WAIT);
    this.thread = Thread.ofPlatform().daemon().name("node-report-reader").unstarted(this::run);
  }

  /** Starts reading. The consumer must not throw and should not block. */
  public static NodeReportReader start(
      ClientPresets presets,
      String topic,
      InstantSource clock,
      Consumer<NodeReportEntry> consumer) {
    NodeReportReader reader = new NodeReportReader(presets, topic, clock, consumer);
    reader.thread.start();
    return reader;
  }

  /** Done when the reports that were there at the start have been handed over. */
  public CompletableFuture<Void> caughtUp() {
    return caughtUp.copy();
  }

  private void run() {
    kafka.assign(List.of(partition));
    boolean isPositioned = false;
    while (!isClosed) {
      try {
        if (!isPositioned) {
          positionAtLookBack();
          isPositioned = true;
        }
        poll();
      } catch (WakeupException e) {
        continue; // Closing.
      } catch (OffsetOutOfRangeException e) {
        LOG.warn("event=node_reports_skipped partition={}", partition, e);
        isPositioned = false;
      } catch (KafkaException e) {
        LOG.warn("event=node_report_poll_failed partition={}", partition, e);
        LockSupport.parkNanos(ERROR_PAUSE.toNanos());
      }
    }
    kafka.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
  }

  private void positionAtLookBack() {
    long end = kafka.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    long sinceMs = clock.millis() - LOOK_BACK.toMillis();
    OffsetAndTimestamp found = kafka.offsetsForTimes(Map.of(partition, sinceMs)).get(partition);
    kafka.seek(partition, found == null ? end : Math.min(found.offset(), end));
    if (found == null || found.offset() >= end) {
      caughtUp.complete(null);
    }
    endAtStart = end;
  }

  private void poll() {
    var records = kafka.poll(POLL);
    for (ConsumerRecord<byte[], byte[]> record : records) {
      byte[] key = record.key() == null ? new byte[0] : record.key();
      byte[] value = record.value() == null ? new byte[0] : record.value();
      consumer.accept(new NodeReportEntry(key, value, record.timestamp()));
    }
    var next = records.nextOffsets().get(partition);
    if (next != null && next.offset() >= endAtStart) {
      caughtUp.complete(null);
    }
  }

  @Override
  public void close() {
    isClosed = true;
    kafka.wakeup();
    try {
      thread.join(CLOSE_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    caughtUp.completeExceptionally(new IllegalStateException("node report reader is closed"));
  }
}
