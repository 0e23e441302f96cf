package dev.eddy.kafka.meta;

import dev.eddy.kafka.meta.TopicFeed.Entry;
import dev.eddy.model.cluster.ClusterState;
import dev.eddy.proto.meta.MetaRecordCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds the metadata topic and publishes its states. A state is published only when everything was
 * folded that the topic held when reading (re)started: half a reading would show collections that
 * are long gone. Besides it notes, about once a second, that it is at the end.
 */
final class MetaReader implements FeedTail.Reader {
  private static final Logger LOG = LoggerFactory.getLogger(MetaReader.class);

  private final TopicFeed feed;
  private final long refreshNanos;
  private final LongConsumer completed;
  private final List<Consumer<ClusterState>> listeners = new CopyOnWriteArrayList<>();
  private final Object notifyLock = new Object();
  private volatile ClusterState state = ClusterState.EMPTY;

  // Of the tail's thread.
  private ClusterStateFold fold = new ClusterStateFold();
  private @Nullable EndAsked first;
  private EndAsked asked;

  /**
   * A reader of a feed.
   *
   * @param completed is told when a complete reading began, by the monotonic clock
   */
  MetaReader(TopicFeed feed, Duration refresh, LongConsumer completed) {
    this.feed = feed;
    this.refreshNanos = refresh.toNanos();
    this.completed = completed;
    this.asked = EndAsked.of(feed);
  }

  ClusterState state() {
    return state;
  }

  void onChange(Consumer<ClusterState> listener) {
    synchronized (notifyLock) {
      listeners.add(listener);
      call(listener, state);
    }
  }

  @Override
  public void restart() {
    fold = new ClusterStateFold();
    asked = EndAsked.of(feed);
    first = asked;
  }

  @Override
  public long accept(List<Entry> entries, long position, long waitedNanos) {
    for (Entry entry : entries) {
      String key = new String(entry.key(), StandardCharsets.UTF_8);
      try {
        fold.apply(entry.offset(), MetaRecordCodec.decode(key, entry.value()));
      } catch (RuntimeException e) {
        throw new MetaUnreadableException(
            "record %d of the metadata: %s".formatted(entry.offset(), e.getMessage()), e);
      }
    }
    fold.advance(position);
    if (first != null) {
      if (first.isFailed()) {
        throw new IllegalStateException("the end of the metadata is unknown");
      }
      if (!first.isReached(position)) {
        return 0;
      }
      first = null;
    }
    publish();
    note(position);
    return position;
  }

  private void publish() {
    ClusterState next = fold.state();
    if (next.position() == state.position()) {
      return;
    }
    synchronized (notifyLock) {
      state = next;
      listeners.forEach(listener -> call(listener, next));
    }
  }

  private static void call(Consumer<ClusterState> listener, ClusterState state) {
    try {
      listener.accept(state);
    } catch (RuntimeException e) {
      LOG.error("event=state_listener_failed position={}", state.position(), e);
    }
  }

  private void note(long position) {
    EndAsked last = asked;
    if (last.isReached(position)) {
      completed.accept(last.beganNanos());
    }
    boolean isAnswered = last.isReached(position) || last.isFailed();
    if (isAnswered && System.nanoTime() - last.beganNanos() > refreshNanos) {
      asked = EndAsked.of(feed);
    }
  }
}
