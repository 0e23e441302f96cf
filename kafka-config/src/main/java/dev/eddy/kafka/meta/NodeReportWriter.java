package dev.eddy.kafka.meta;

import dev.eddy.kafka.client.ClientPresets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what a node reports: every second, and at once when told that something changed.
 *
 * <p>Many changes in quick succession become few reports, never more than one on the way. A report
 * that could not be sent is logged; the next second brings another. Safe from any thread; the
 * report is made on an internal thread.
 */
public final class NodeReportWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeReportWriter.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final String topic;
  private final byte[] key;
  private final Supplier<byte[]> report;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Thread thread;
  private volatile boolean isChanged;
  private volatile boolean isClosed;

  private NodeReportWriter(
      ClientPresets presets, String topic, byte[] key, Supplier<byte[]> report) {
    this.topic = topic;
    this.key = key.clone();
    this.report = report;
    this.producer = presets.producer("node-reports");
    this.thread = Thread.ofPlatform().daemon().name("node-report-writer").unstarted(this::run);
  }

  /**
   * Starts to report.
   *
   * @param key the node's id
   * @param report makes the report; called often, must be quick and must not throw
   */
  public static NodeReportWriter start(
      ClientPresets presets, String topic, byte[] key, Supplier<byte[]> report) {
    NodeReportWriter writer = new NodeReportWriter(presets, topic, key, report);
    writer.thread.start();
    return writer;
  }

  /** Asks for a report now. */
  public void changed() {
    isChanged = true;
    LockSupport.unpark(thread);
  }

  private void run() {
    while (!isClosed) {
      isChanged = false; // Before the report is made: a change during it asks for another.
      send();
      long deadline = System.nanoTime() + INTERVAL.toNanos();
      while (!isChanged && !isClosed && deadline - System.nanoTime() > 0) {
        LockSupport.parkNanos(deadline - System.nanoTime());
      }
    }
  }

  private void send() {
    try {
      CompletableFuture<Void> done = new CompletableFuture<>();
      producer.send(
          new ProducerRecord<>(topic, 0, key, report.get()),
          (metadata, failure) -> {
            if (failure != null) {
              LOG.warn("event=node_report_failed topic={}", topic, failure);
            }
            done.complete(null);
          });
      done.join();
    } catch (RuntimeException e) {
      LOG.warn("event=node_report_failed topic={}", topic, e);
    }
  }

  @Override
  public void close() {
    isClosed = true;
    LockSupport.unpark(thread);
    producer.close(CLOSE_TIMEOUT);
  }
}
