package dev.eddy.kafka.meta;

import dev.eddy.kafka.client.ClientPresets;
import dev.eddy.kafka.client.EndOffsets;
import dev.eddy.kafka.topic.TopicCatalogue;
import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ClusterView} that follows the topics of metadata and of nodes. Safe from any thread.
 *
 * <p>(safety) {@link #verified} hands out what is known without asking Kafka only while both the
 * newest complete reading and, on a node that reports, its newest acknowledged report are less than
 * 2 s old, and the reading began after its reports last resumed. The controller waits for every
 * node that reports, and 3 s after a change for those that fell silent; so nobody acts on a state
 * that a finished change has replaced. See docs/adr/0010.
 */
public final class KafkaClusterView implements ClusterView, AutoCloseable {
  private static final Duration TRUSTED = Duration.ofSeconds(2);
  private static final Duration REFRESH = Duration.ofMillis(700);

  private final MetaReader meta;
  private final NodeReader nodes;
  private final FeedTail metaTail;
  private final FeedTail nodesTail;
  private final @Nullable EndOffsets ends;
  private final Object lock = new Object();
  private long readNanos; // guarded by lock: when the newest complete reading began
  private boolean isRead; // guarded by lock
  private @Nullable ReportLease lease; // guarded by lock; null = this node does not report

  KafkaClusterView(TopicFeed metaFeed, TopicFeed nodesFeed, @Nullable EndOffsets ends) {
    this.ends = ends;
    this.meta = new MetaReader(metaFeed, REFRESH, this::completed);
    this.nodes = new NodeReader(nodesFeed, REFRESH);
    this.metaTail = new FeedTail("meta", metaFeed, meta);
    this.nodesTail = new FeedTail("nodes", nodesFeed, nodes);
  }

  /**
   * Opens the view and reads both topics to their ends. They must exist.
   *
   * @throws EddyException UNAVAILABLE when that does not succeed in time
   */
  public static KafkaClusterView start(
      ClientPresets presets, TopicCatalogue catalogue, Duration timeout) {
    EndOffsets ends = new EndOffsets(presets, "view-ends");
    KafkaClusterView view =
        new KafkaClusterView(
            new ConsumerFeed(presets, catalogue.meta(), ends),
            new ConsumerFeed(presets, catalogue.nodes(), ends),
            ends);
    view.start(timeout);
    return view;
  }

  void start(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    metaTail.start();
    nodesTail.start();
    try {
      readToEnd(timeout);
      Duration rest = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
      if (!nodesTail.readToEnd(rest)) {
        throw new EddyException(
            ErrorCode.UNAVAILABLE, "the reports of the nodes could not be read in time");
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public ClusterState state() {
    return meta.state();
  }

  @Override
  public ClusterState readToEnd(Duration timeout) {
    long began = System.nanoTime();
    if (!metaTail.readToEnd(timeout)) {
      throw metaTail
          .failure()
          .map(e ->
              new EddyException(
                  ErrorCode.UNAVAILABLE, "the metadata can't be read: " + e.getMessage(), e))
          .orElseGet(() ->
              new EddyException(
                  ErrorCode.UNAVAILABLE,
                  "the metadata could not be read to its end within %d ms"
                      .formatted(timeout.toMillis())));
    }
    completed(began);
    return state();
  }

  @Override
  public ClusterState verified(Duration timeout) {
    if (metaTail.failure().isEmpty() && isTrusted(System.nanoTime())) {
      return state();
    }
    return readToEnd(timeout);
  }

  private boolean isTrusted(long now) {
    synchronized (lock) {
      return isRead
          && now - readNanos <= TRUSTED.toNanos()
          && (lease == null || lease.covers(readNanos, now));
    }
  }

  private void completed(long beganNanos) {
    synchronized (lock) {
      if (!isRead || beganNanos - readNanos > 0) {
        readNanos = beganNanos;
        isRead = true;
      }
    }
  }

  @Override
  public void onChange(Consumer<ClusterState> listener) {
    meta.onChange(listener);
  }

  @Override
  public List<NodeReport> liveNodes() {
    return nodes.table().live();
  }

  /**
   * Calls back after every report of a node, and ten times a second, on the view's own thread. What
   * it does must be short.
   */
  public void onReports(Runnable listener) {
    nodes.onReports(listener);
  }

  /**
   * Returns when every report was read that was acknowledged before the call came.
   *
   * @return whether that succeeded in time
   */
  public boolean readNodesToEnd(Duration timeout) {
    return nodesTail.readToEnd(timeout);
  }

  /**
   * The time that this view spent reading reports, in nanoseconds; it stands still while this
   * process is stopped or Kafka does not answer. Nodes are silent by this clock.
   */
  public long observedNanos() {
    return nodes.table().observedNanos();
  }

  /** The newest incarnation of a node that ever reported to this view. */
  public OptionalLong incarnation(String nodeId) {
    return nodes.table().incarnation(nodeId);
  }

  /** From here on this node is one that reports; see the class comment. */
  ReportLease reporting() {
    ReportLease granted = new ReportLease(TRUSTED.toNanos());
    synchronized (lock) {
      lease = granted;
    }
    return granted;
  }

  @Override
  public void close() {
    metaTail.close();
    nodesTail.close();
    if (ends != null) {
      ends.close();
    }
  }
}
