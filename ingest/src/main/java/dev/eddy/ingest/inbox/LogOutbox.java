package dev.eddy.ingest.inbox;

import static java.util.Objects.requireNonNull;

import dev.eddy.kafka.log.LogPartition;
import dev.eddy.kafka.log.PointLogWriter;
import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.error.EddyException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends bundles to the logs of generations; one that was dropped meanwhile swallows them.
 *
 * <p>Threading: {@link #send} and {@link #adopt} belong to the pipeline's thread; futures complete
 * on any.
 */
final class LogOutbox {
  private static final Logger LOG = LoggerFactory.getLogger(LogOutbox.class);
  private static final Duration META_TIMEOUT = Duration.ofSeconds(5);

  /** What became of a bundle. */
  enum Sent {
    ACKNOWLEDGED,
    /** The generation is dropped: nobody will ever read it. */
    DISCARDED
  }

  private final PointLogWriter writer;
  private final ClusterView view;
  private final Executor checks;
  private final Map<UUID, Generation> targets = new HashMap<>();

  /**
   * An outbox.
   *
   * @param checks runs the blocking look at the metadata after a failed send
   */
  LogOutbox(PointLogWriter writer, ClusterView view, Executor checks) {
    this.writer = requireNonNull(writer, "writer");
    this.view = requireNonNull(view, "view");
    this.checks = requireNonNull(checks, "checks");
  }

  /** Sends an encoded bundle; bundles to one shard arrive in the order of the calls. */
  CompletableFuture<Sent> send(Generation generation, int shard, byte[] value) {
    targets.put(generation.collectionId(), generation);
    UUID topicId =
        generation
            .logTopicId()
            .orElseThrow(() -> new IllegalStateException("no log yet of " + generation));
    CompletableFuture<Sent> done = new CompletableFuture<>();
    append(new LogPartition(topicId, generation.topic(), shard), value)
        .whenComplete((offset, failure) -> {
          if (failure == null) {
            done.complete(Sent.ACKNOWLEDGED);
          } else {
            checks.execute(() -> judge(generation, failure, done));
          }
        });
    return done;
  }

  /** Takes a newer metadata state over: sends to dropped logs end at once. */
  void adopt(ClusterState state) {
    Iterator<Generation> each = targets.values().iterator();
    while (each.hasNext()) {
      Generation target = each.next();
      Optional<Generation> now = find(state, target);
      if (now.isEmpty() || now.get().state() == Generation.State.DROPPED) {
        target.logTopicId().ifPresent(writer::logDropped);
        each.remove();
      }
    }
  }

  private CompletableFuture<Long> append(LogPartition partition, byte[] value) {
    try {
      return writer.append(partition, value);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** A failed send to a log that the metadata, read to its end, says is dropped counts as sent. */
  private void judge(Generation generation, Throwable failure, CompletableFuture<Sent> done) {
    try {
      Optional<Generation> now = find(view.readToEnd(META_TIMEOUT), generation);
      if (now.isEmpty() || now.get().state() == Generation.State.DROPPED) {
        done.complete(Sent.DISCARDED);
        return;
      }
    } catch (EddyException e) {
      LOG.debug("event=metadata-unread collection={}", generation.name(), e);
    }
    done.completeExceptionally(failure);
  }

  private static Optional<Generation> find(ClusterState state, Generation wanted) {
    return state.generations().getOrDefault(wanted.name(), List.<Generation>of()).stream()
        .filter(generation -> generation.collectionId().equals(wanted.collectionId()))
        .findFirst();
  }
}
