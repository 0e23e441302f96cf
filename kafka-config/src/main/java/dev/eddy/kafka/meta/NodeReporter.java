package dev.eddy.kafka.meta;

import dev.eddy.kafka.client.ClientPresets;
import dev.eddy.kafka.topic.TopicCatalogue;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.proto.meta.NodeReportCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says every second, and at once on a change, what this node is and has: its {@link NodeReport}.
 * Changes while a report is on its way go into one further report, which keeps to {@link
 * ReportPace}. Safe from any thread.
 *
 * <p>A node must have reported once, see {@link #awaitFirst}, before it accepts requests.
 */
public final class NodeReporter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeReporter.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** Where reports go; completes when Kafka acknowledged it. */
  interface Sink extends AutoCloseable {
    CompletableFuture<?> send(String nodeId, byte[] value);

    @Override
    void close();
  }

  private final Sink sink;
  private final KafkaClusterView view;
  private final ReportLease lease;
  private final Supplier<NodeReport> report;
  private final Runnable fenced;
  private final AtomicBoolean isFenced = new AtomicBoolean();
  private final CompletableFuture<Void> first = new CompletableFuture<>();
  private final Thread thread;
  private final Object lock = new Object();
  private boolean isChanged = true; // guarded by lock
  private boolean isClosed; // guarded by lock
  private long notBeforeNanos = System.nanoTime(); // the thread's

  private NodeReporter(
      Sink sink, KafkaClusterView view, Supplier<NodeReport> report, Runnable fenced) {
    this.sink = sink;
    this.view = view;
    this.lease = view.reporting();
    this.report = report;
    this.fenced = fenced;
    this.thread = Thread.ofPlatform().daemon().name("eddy-reporter").unstarted(this::run);
  }

  /**
   * Starts to report; changes of the metadata that the view reads are reported by themselves.
   *
   * @param report what to say now; called on the reporter's thread, must be quick; its metaPosition
   *     is that of the state that the node acts upon
   * @param fenced called once if a newer process reports under the same node id: this one must stop
   */
  public static NodeReporter start(
      ClientPresets presets,
      TopicCatalogue catalogue,
      KafkaClusterView view,
      Supplier<NodeReport> report,
      Runnable fenced) {
    return start(new ProducerSink(presets, catalogue.nodes()), view, report, fenced);
  }

  static NodeReporter start(
      Sink sink, KafkaClusterView view, Supplier<NodeReport> report, Runnable fenced) {
    NodeReporter reporter = new NodeReporter(sink, view, report, fenced);
    reporter.thread.start();
    view.onChange(state -> reporter.changed());
    return reporter;
  }

  /** Something worth reporting changed: a shard's state, the metadata acted upon. Never blocks. */
  public void changed() {
    synchronized (lock) {
      isChanged = true;
      lock.notifyAll();
    }
  }

  /** Whether the first report was acknowledged in time. */
  public boolean awaitFirst(Duration timeout) {
    try {
      first.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      return false;
    }
  }

  private void run() {
    while (awaitTurn()) {
      try {
        send();
      } catch (InterruptedException e) {
        return;
      } catch (Exception e) {
        LOG.warn("event=report_failed reason=\"{}\"", e.toString());
      }
    }
  }

  private void send() throws Exception {
    long sent = System.nanoTime();
    NodeReport now = report.get();
    checkFenced(now);
    // The next report waits for this one, so that a burst of changes is two reports.
    sink.send(now.nodeId(), NodeReportCodec.encode(now))
        .get(INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
    lease.acknowledged(sent, System.nanoTime());
    notBeforeNanos = sent + ReportPace.pauseAfter(now).toNanos();
    first.complete(null);
  }

  private void checkFenced(NodeReport own) {
    OptionalLong newest = view.incarnation(own.nodeId());
    if (newest.isPresent()
        && newest.getAsLong() > own.incarnation()
        && isFenced.compareAndSet(false, true)) {
      LOG.error(
          "event=node_fenced node={} incarnation={} newer={}",
          own.nodeId(),
          own.incarnation(),
          newest.getAsLong());
      fenced.run();
    }
  }

  private boolean awaitTurn() {
    synchronized (lock) {
      long deadline = System.nanoTime() + INTERVAL.toNanos();
      while (!isClosed) {
        long rest = (isChanged ? notBeforeNanos : deadline) - System.nanoTime();
        if (rest <= 0) {
          break;
        }
        try {
          TimeUnit.NANOSECONDS.timedWait(lock, rest);
        } catch (InterruptedException e) {
          return false;
        }
      }
      isChanged = false;
      return !isClosed;
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      isClosed = true;
      lock.notifyAll();
    }
    try {
      thread.join(Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sink.close();
  }

  /** Sends reports to Kafka. */
  private static final class ProducerSink implements Sink {
    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;

    ProducerSink(ClientPresets presets, String topic) {
      this.producer = presets.producer("reporter");
      this.topic = topic;
    }

    @Override
    public CompletableFuture<?> send(String nodeId, byte[] value) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      byte[] key = nodeId.getBytes(StandardCharsets.UTF_8);
      producer.send(
          new ProducerRecord<>(topic, 0, key, value),
          (metadata, failure) -> {
            if (failure == null) {
              done.complete(null);
            } else {
              done.completeExceptionally(failure);
            }
          });
      return done;
    }

    @Override
    public void close() {
      producer.close(Duration.ofSeconds(1));
    }
  }
}
