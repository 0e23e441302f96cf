package dev.eddy.ingest.inbox;

import static java.util.Objects.requireNonNull;

import dev.eddy.kafka.log.LogPartition;
import dev.eddy.kafka.log.PointLogWriter;
import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.error.EddyException;
import java.time.Duration;
import java.util.ArrayDeque;
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
 * Sends bundles to the logs of generations, each in its state: what is still being created keeps
 * its bundles waiting in order, what was dropped swallows them.
 *
 * <p>Threading: {@link #send} and {@link #adopt} belong to the pipeline's thread; futures complete
 * on any. Waiting bundles are bounded by the pipeline's own bound on what is in flight.
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

  private record Waiting(int shard, byte[] value, CompletableFuture<Sent> done) {}

  private static final class Target {
    private Generation generation;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    private Target(Generation generation) {
      this.generation = generation;
    }
  }

  private final PointLogWriter writer;
  private final ClusterView view;
  private final Executor checks;
  private final Map<UUID, Target> targets = new HashMap<>();

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
    Target target =
        targets.computeIfAbsent(generation.collectionId(), id -> new Target(generation));
    CompletableFuture<Sent> done = new CompletableFuture<>();
    target.waiting.add(new Waiting(shard, value, done));
    flush(target);
    return done;
  }

  /** Takes a newer metadata state over: created generations get what waits, dropped ones let go. */
  void adopt(ClusterState state) {
    Iterator<Target> each = targets.values().iterator();
    while (each.hasNext()) {
      Target target = each.next();
      Optional<Generation> now = find(state, target.generation);
      if (now.isEmpty() || now.get().state() == Generation.State.DROPPED) {
        drop(target);
        each.remove();
      } else if (now.get() != target.generation) {
        target.generation = now.get();
        flush(target);
      }
    }
  }

  private void drop(Target target) {
    target.generation.logTopicId().ifPresent(writer::logDropped);
    target.waiting.forEach(waiting -> waiting.done.complete(Sent.DISCARDED));
  }

  private void flush(Target target) {
    UUID topicId = target.generation.topicId();
    if (target.generation.state() != Generation.State.ACTIVE || topicId == null) {
      return;
    }
    Generation generation = target.generation;
    for (Waiting next = target.waiting.poll(); next != null; next = target.waiting.poll()) {
      CompletableFuture<Sent> done = next.done;
      append(new LogPartition(topicId, generation.topic(), next.shard), next.value)
          .whenComplete((offset, failure) -> {
            if (failure == null) {
              done.complete(Sent.ACKNOWLEDGED);
            } else {
              checks.execute(() -> judge(generation, failure, done));
            }
          });
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
