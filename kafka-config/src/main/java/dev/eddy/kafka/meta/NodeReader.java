package dev.eddy.kafka.meta;

import dev.eddy.kafka.meta.TopicFeed.Entry;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.proto.meta.NodeReportCodec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what nodes report into a {@link NodeTable}. Time counts as observed only while Kafka
 * answers and nothing waits to be read: otherwise silence would say nothing about the nodes.
 */
final class NodeReader implements FeedTail.Reader {
  private static final Logger LOG = LoggerFactory.getLogger(NodeReader.class);

  private static final Duration ANSWER_VALID = Duration.ofMillis(1_500);

  private final TopicFeed feed;
  private final long refreshNanos;
  private final NodeTable table = new NodeTable();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  // Of the tail's thread.
  private EndAsked asked;
  private long atEndNanos;
  private boolean wasAtEnd;

  NodeReader(TopicFeed feed, Duration refresh) {
    this.feed = feed;
    this.refreshNanos = refresh.toNanos();
    this.asked = EndAsked.of(feed);
  }

  NodeTable table() {
    return table;
  }

  void onReports(Runnable listener) {
    listeners.add(listener);
  }

  @Override
  public void restart() {
    // Reports read again are not newer than what is known: at worst a node seems alive 3 s longer.
  }

  @Override
  public long accept(List<Entry> entries, long position, long waitedNanos) {
    if (isAtEnd(position)) {
      table.observed(waitedNanos);
    }
    for (Entry entry : entries) {
      NodeReport report;
      try {
        if (entry.value() == null) {
          continue;
        }
        report = NodeReportCodec.decode(entry.value());
      } catch (RuntimeException e) {
        // A report is news, not state: one that can't be read only makes its node look silent.
        LOG.warn("event=report_unreadable offset={} reason=\"{}\"", entry.offset(), e.toString());
        continue;
      }
      table.received(report);
    }
    for (Runnable listener : listeners) {
      try {
        listener.run();
      } catch (RuntimeException e) {
        LOG.error("event=report_listener_failed", e);
      }
    }
    return position;
  }

  private boolean isAtEnd(long position) {
    long now = System.nanoTime();
    boolean isReached = asked.isReached(position);
    if (isReached) {
      wasAtEnd = true;
      atEndNanos = asked.beganNanos();
    }
    if ((isReached || asked.isFailed()) && now - asked.beganNanos() > refreshNanos) {
      asked = EndAsked.of(feed);
    }
    return wasAtEnd && now - atEndNanos <= ANSWER_VALID.toNanos();
  }
}
