package dev.eddy.index.host;

import dev.eddy.model.shard.ShardId;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of one opening: each begins on the shard's lane, which takes the moment, and is
 * written by a checkpoint thread while the lane goes on. A failure changes nothing and is tried
 * again, later with every failure in a row.
 *
 * <p>Threading: owned by the lane, except what is marked otherwise.
 *
 * <p>Invariants: at most one is under way; the fold stays open while one is.
 */
final class ShardCheckpoints {
  private static final Logger LOG = LoggerFactory.getLogger(ShardCheckpoints.class);

  private final ShardId id;
  private final HostEnvironment host;
  private final ShardWorkers workers;
  private final FoldHandle handle;
  private final CheckpointPolicy policy;

  private CompletableFuture<Void> underway = CompletableFuture.completedFuture(null);
  private volatile long writtenNanos;
  private volatile @Nullable String problem;

  ShardCheckpoints(ShardId id, HostEnvironment host, ShardWorkers workers, FoldHandle handle) {
    this.id = id;
    this.host = host;
    this.workers = workers;
    this.handle = handle;
    this.policy = new CheckpointPolicy(host.settings());
    this.writtenNanos = now();
  }

  private long now() {
    return host.nanoClock().getAsLong();
  }

  /** Something changed that the next checkpoint is to hold. */
  void changed(long logBytes, long nowNanos) {
    policy.changed(logBytes, nowNanos);
  }

  /** Safe from any thread. */
  boolean isDue(long nowNanos) {
    return policy.isDue(nowNanos);
  }

  /** When the last one was written, or the state was opened. Safe from any thread. */
  long writtenNanos() {
    return writtenNanos;
  }

  /** Why the last one failed; empty when it did not. Safe from any thread. */
  Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  /** Nothing is applied any more, but results of background work may not be saved yet. */
  void noteIdle(long nowNanos) {
    if (!policy.isDirty() && underway.isDone() && handle.fold().hasUnsavedWork(false)) {
      policy.changed(0, nowNanos);
    }
  }

  /** Begins one when its time has come and not too many of other shards are being written. */
  void beginIfDue(long nowNanos) {
    if (!policy.isDue(nowNanos) || !workers.checkpoints().tryAcquire()) {
      return;
    }
    try {
      begin(false, workers.checkpoints()::release);
    } catch (RuntimeException | Error e) {
      workers.checkpoints().release();
      throw e;
    }
  }

  /**
   * The last one, after the one under way, if anything is left to be saved. Nothing may be applied
   * from here on.
   *
   * @param lane runs a step on the shard's lane
   * @return done when it is written or has failed; never fails
   */
  CompletableFuture<Void> last(Consumer<Runnable> lane) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    var _ = underway.whenComplete((_, _) -> lane.accept(() -> beginLast(done)));
    return done;
  }

  private void beginLast(CompletableFuture<Void> done) {
    try {
      if (policy.isDirty() || handle.fold().hasUnsavedWork(true)) {
        begin(true, () -> done.complete(null));
      } else {
        done.complete(null);
      }
    } catch (RuntimeException | Error e) {
      LOG.error("event=last-checkpoint-failed shard={}", id, e);
      done.complete(null);
    }
  }

  private void begin(boolean isFinal, Runnable atEnd) {
    long started = now();
    policy.begun();
    ShardFold.FoldCheckpoint begun;
    handle.retain();
    try {
      begun = handle.fold().beginCheckpoint(isFinal);
    } catch (IOException e) {
      handle.release();
      failed(e);
      atEnd.run();
      return;
    } catch (RuntimeException | Error e) {
      handle.release();
      throw e;
    }
    long heldNanos = now() - started;
    CompletableFuture<Void> ended = new CompletableFuture<>();
    underway = ended;
    workers.writeCheckpoint(() -> {
      try {
        write(begun, started, heldNanos);
      } finally {
        ended.complete(null);
        atEnd.run();
      }
    });
  }

  /** On a checkpoint thread. */
  private void write(ShardFold.FoldCheckpoint begun, long started, long heldNanos) {
    try (begun) {
      begun.write();
      long now = now();
      writtenNanos = now;
      problem = null;
      int failures = policy.written();
      host.events().checkpointed(id, now - started);
      LOG.info(
          "event=checkpointed shard={} position={} took_ms={} held_us={} failures_before={}",
          id,
          begun.position(),
          (now - started) / 1_000_000,
          heldNanos / 1_000,
          failures);
    } catch (IOException | RuntimeException | Error e) {
      failed(e);
    } finally {
      handle.release();
    }
  }

  private void failed(Throwable cause) {
    int failures = policy.failed(now());
    problem = "the checkpoint can't be written: " + cause;
    host.events().checkpointFailed(id);
    if (failures == 1) {
      LOG.error("event=checkpoint-failed shard={} retry=\"with growing delay\"", id, cause);
    } else {
      LOG.debug("event=checkpoint-failed shard={} failures={}", id, failures, cause);
    }
  }
}
