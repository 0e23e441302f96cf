package dev.eddy.index.host;

import dev.eddy.index.host.ShardRuntime.Ending;
import dev.eddy.kafka.log.LogPartition;
import dev.eddy.model.shard.ShardException;
import dev.eddy.model.shard.ShardException.Reason;
import dev.eddy.model.shard.ShardId;
import dev.eddy.proto.UnknownRecordException;
import java.io.IOException;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A hosted shard through its states: opening, replaying, serving, failing and opening again,
 * closing.
 *
 * <p>Threading: everything that changes state runs on the shard's lane, one step at a time; methods
 * that others call are safe from any thread.
 *
 * <p>Invariants: a fold is closed before the next one of the same folder is opened; nothing of an
 * earlier opening reaches a later one; once closed, every wait fails at once.
 */
final class ShardLife {
  private static final Logger LOG = LoggerFactory.getLogger(ShardLife.class);

  private final ShardId id;
  private final LogPartition log;
  private final HostEnvironment host;
  private final ShardWorkers workers;
  private final SerialLane lane;
  private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean tickQueued = new AtomicBoolean();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  private volatile ShardState state = ShardState.RESTORING;
  private volatile ShardVitals vitals;
  private volatile @Nullable OpenShard open;
  private volatile @Nullable ShardFailure failure;
  private volatile boolean isClosing;
  private final RetryDelay retry;
  private final LogWatch watch;

  /** Owned by the lane: done when the opening before has ended altogether. */
  private CompletableFuture<Void> ended = CompletableFuture.completedFuture(null);

  ShardLife(ShardId id, LogPartition log, HostEnvironment host, ShardWorkers workers) {
    this.id = id;
    this.log = log;
    this.host = host;
    this.workers = workers;
    this.lane = new SerialLane(workers, this::step);
    this.vitals = newVitals(0);
    this.retry = new RetryDelay(host.settings().retryDelayMin(), host.settings().retryDelayMax());
    this.watch = new LogWatch(id, log, host, this::command);
  }

  ShardState state() {
    return state;
  }

  ShardVitals vitals() {
    return vitals;
  }

  /** The opening there is; null while there is none. */
  @Nullable OpenShard open() {
    return open;
  }

  /** Why it failed; empty unless FAILED. */
  Optional<String> failureReason() {
    ShardFailure now = failure;
    return state == ShardState.FAILED && now != null ? Optional.of(now.reason()) : Optional.empty();
  }

  void start() {
    command(this::openState);
  }

  /** Looks for time-driven work; cheap when there is none. */
  void tick() {
    OpenShard shard = open;
    long now = now();
    boolean isDue =
        shard == null
            ? retry.isOver(now)
            : !watch.isEndKnown() || watch.isGoneForLong(now) || shard.needsTending(now);
    if (isDue && tickQueued.compareAndSet(false, true)) {
      command(this::onTick);
    }
  }

  /** See {@link ShardRuntime#close}. */
  CompletableFuture<Void> close(Ending ending) {
    if (!isClosing) {
      isClosing = true;
      vitals.gate().close(notHosted());
      host.events().closing(id);
      command(() -> endForGood(ending));
    }
    return closed;
  }

  private long now() {
    return host.nanoClock().getAsLong();
  }

  private void command(Runnable command) {
    commands.add(command);
    lane.wake();
  }

  private boolean step() {
    try {
      for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
        command.run();
      }
      OpenShard shard = open;
      if (shard == null || isClosing) {
        return false;
      }
      boolean more = shard.turn();
      serveIfCaughtUp();
      return more;
    } catch (UnknownRecordException e) {
      fail(ShardFailure.halted("a record of the log is unknown: " + e.getMessage(), e));
    } catch (RuntimeException | Error e) {
      fail(ShardFailure.retried("apply failed: " + e, e));
    }
    return false;
  }

  /** Something was delivered or told to an opening: the lane looks at it. */
  void wake() {
    lane.wake();
  }

  /** The log does not go on at the opening's position. */
  void logDiverged(OpenShard shard, String what) {
    command(() -> onDivergence(shard, what));
  }

  /** The opening's log topic was deleted. */
  void logGone(OpenShard shard) {
    command(() -> {
      if (shard == open) {
        watch.gone();
      }
    });
  }

  private void openState() {
    if (isClosing) {
      return;
    }
    long started = now();
    ShardFold fold;
    try {
      fold = host.opener().open(id, log.topicId(), host.folders().of(id));
    } catch (ShardFold.WrongLogException e) {
      fail(ShardFailure.halted(String.valueOf(e.getMessage()), e));
      return;
    } catch (IOException | RuntimeException | Error e) {
      fail(ShardFailure.retried("the state does not open: " + e, e));
      return;
    }
    vitals = vitalsFrom(fold.position());
    OpenShard shard = new OpenShard(id, host, workers, fold, vitals);
    open = shard;
    shard.start();
    become(ShardState.REPLAYING);
    LOG.info(
        "event=restored shard={} position={} took_ms={}",
        id,
        fold.position(),
        (now() - started) / 1_000_000);
    host.tailer().assign(log, fold.position(), fold.leaderEpoch(), new LogSink(this, shard));
    watch.begin();
  }

  /** The waiters of the first opening stay; after a failure there are none left. */
  private ShardVitals vitalsFrom(long position) {
    return failure == null ? vitals : newVitals(position);
  }

  private ShardVitals newVitals(long position) {
    return new ShardVitals(
        new PositionGate(position, host.settings().waitersMax()),
        new Staleness(),
        new ShardVitals.RecentChains());
  }

  private void serveIfCaughtUp() {
    if (state == ShardState.REPLAYING && watch.isCaughtUp(vitals.gate().position())) {
      retry.succeeded();
      become(ShardState.SERVING);
      LOG.info("event=serving shard={} position={}", id, vitals.gate().position());
    }
  }

  private void onTick() {
    tickQueued.set(false);
    OpenShard shard = open;
    long now = now();
    if (isClosing) {
      return;
    }
    ShardFailure problem = failure;
    if (state == ShardState.FAILED && problem != null) {
      if (!problem.isHalted() && retry.isOver(now) && ended.isDone()) {
        become(ShardState.RESTORING);
        openState();
      }
    } else if (shard != null && watch.isGoneForLong(now)) {
      fail(
          ShardFailure.halted(
              "the log topic with id %s is gone; another of its name is not read"
                  .formatted(log.topicId()),
              null));
    } else if (shard != null) {
      watch.tend();
      shard.tend();
    }
  }

  /** Stops applying and reading; the state on disk stays as its last checkpoint has it. */
  private void fail(ShardFailure problem) {
    if (state == ShardState.CLOSED || state == ShardState.FAILED) {
      return;
    }
    failure = problem;
    become(ShardState.FAILED);
    LOG.error(
        "event=failed shard={} position={} halted={} reason=\"{}\"",
        id,
        vitals.gate().position(),
        problem.isHalted(),
        problem.reason(),
        problem.cause());
    vitals.gate().close(new ShardException(Reason.FAILED, problem.reason()));
    host.events().closing(id);
    host.events().failed(id, problem.isHalted());
    retry.failed(now());
    ended = endOpening();
  }

  /** Ends the opening there is: no more batches, and the fold closes when its last reader left. */
  private CompletableFuture<Void> endOpening() {
    OpenShard shard = open;
    open = null;
    watch.forget();
    if (shard == null) {
      return ended;
    }
    shard.mailbox().close();
    return CompletableFuture.allOf(host.tailer().unassign(log), shard.handle().retire());
  }

  private void endForGood(Ending ending) {
    vitals.gate().close(notHosted()); // The gate may be a newer one than close() saw.
    OpenShard shard = open;
    if (shard != null && ending == Ending.KEEP) {
      shard.mailbox().close();
      var _ = shard.checkpoints().last(this::command).thenRun(() -> command(() -> end(ending)));
    } else {
      end(ending);
    }
  }

  private void end(Ending ending) {
    become(ShardState.CLOSED);
    var _ =
        endOpening()
            .whenComplete((_, _) -> {
              if (ending == Ending.DISCARD) {
                workers.execute(this::discardState);
              } else {
                closed.complete(null);
              }
            });
  }

  private void discardState() {
    try {
      host.folders().discard(id);
      LOG.info("event=discarded shard={}", id);
    } catch (IOException | RuntimeException e) {
      LOG.warn("event=discard-failed shard={} retry=\"at the next start\"", id, e);
    }
    closed.complete(null);
  }

  /**
   * The log does not go on where the state ends. The state is set aside, and built again from the
   * log's start, if that is still there; the log decides that when it is asked for offset 0.
   */
  private void onDivergence(OpenShard shard, String what) {
    if (shard != open || isClosing) {
      return;
    }
    host.events().logDiverged(id);
    long position = vitals.gate().position();
    if (position == 0) {
      fail(
          ShardFailure.halted(
              what + ": the log's start is gone, so the shard can't be built from it", null));
      return;
    }
    fail(
        ShardFailure.retried(
            what + " at position " + position + ": state set aside, rebuilding from offset 0",
            null));
    ended =
        ended.thenRunAsync(
            () -> {
              try {
                host.folders().setAside(id);
              } catch (IOException e) {
                command(
                    () -> failure = ShardFailure.halted("the state can't be set aside: " + e, e));
              }
            },
            workers);
  }

  private void become(ShardState next) {
    if (!state.canBecome(next)) {
      throw new IllegalStateException("shard %s: %s can't become %s".formatted(id, state, next));
    }
    state = next;
    host.events().stateChanged(id, next);
  }

  /**
   * @throws ShardException unless serving
   */
  OpenShard serving() {
    OpenShard shard = open;
    if (shard == null || state != ShardState.SERVING || isClosing) {
      throw unready();
    }
    return shard;
  }

  /** Why nothing is answered now. */
  ShardException unready() {
    ShardFailure problem = failure;
    if (isClosing || state == ShardState.CLOSED) {
      return notHosted();
    }
    if (state == ShardState.FAILED) {
      return new ShardException(
          Reason.FAILED,
          "shard %s failed: %s".formatted(id, problem == null ? "unknown" : problem.reason()));
    }
    return new ShardException(
        Reason.NOT_SERVING,
        "shard %s is %s at position %d".formatted(id, state, vitals.gate().position()));
  }

  private ShardException notHosted() {
    return new ShardException(
        Reason.NOT_HOSTED, "shard %s is not hosted on this node any more".formatted(id));
  }
}
